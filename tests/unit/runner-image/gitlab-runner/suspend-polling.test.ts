import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { RunnerProcess } from "../../../../runner-image/src/gitlab-runner/process";
import {
  forbidResuming,
  isSuspended,
  resumePolling,
  suspendPolling,
} from "../../../../runner-image/src/gitlab-runner/suspend-polling";
import { findPaths } from "../../../../runner-image/src/system/paths";

/** A process that does not exist: nothing acknowledges a reload. */
const runner = new RunnerProcess(0);
const state = { metricsPort: 9, concurrent: 2 };
const FULL = 'concurrent = 2\nlog_level = "warn"\n\n[[runners]]\ntoken = "t"\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "suspend-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const paths = () => findPaths({ POOL_RUN: folder });
const config = () => readFileSync(paths().config, "utf8");

beforeEach(() => {
  forbidResuming(paths());
  writeFileSync(paths().config, FULL);
});

describe("suspended polling", () => {
  it("leaves gitlab-runner without runners, and keeps its configuration for later", async () => {
    expect(isSuspended(paths())).toBe(false);
    await suspendPolling({ paths: paths(), state, runner });

    expect(config()).toMatch(/^runners = \[ ?\]$/m);
    expect(config()).toContain('log_level = "warn"');
    expect(isSuspended(paths())).toBe(true);
    expect(readFileSync(paths().fullConfig, "utf8")).toBe(FULL);
    expect(statSync(paths().fullConfig).mode & 0o777).toBe(0o600);
  });

  it("ends with the full configuration, which is newer than what gitlab-runner has loaded", async () => {
    await suspendPolling({ paths: paths(), state, runner });
    utimesSync(paths().fullConfig, 1, 1);
    resumePolling(paths(), runner);

    expect(config()).toBe(FULL);
    expect(statSync(paths().config).mtimeMs).toBeGreaterThan(Date.now() - 10_000);
    expect(isSuspended(paths())).toBe(false);
  });

  it("ends with the full configuration even if it was suspended twice", async () => {
    await suspendPolling({ paths: paths(), state, runner });
    await suspendPolling({ paths: paths(), state, runner });
    resumePolling(paths(), runner);

    expect(config()).toBe(FULL);
  });

  it("never ends once a drain has begun", async () => {
    await suspendPolling({ paths: paths(), state, runner });
    forbidResuming(paths());
    resumePolling(paths(), runner);

    expect(config()).toMatch(/^runners = \[ ?\]$/m);
    expect(existsSync(paths().fullConfig)).toBe(false);
  });
});
