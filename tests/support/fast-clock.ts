import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Loaded before the entrypoint: its clock and timers run faster than the machine's, from a moment that all replicas share. */
const PRELOAD = `
const factor = Number(process.env.POOL_CLOCK);
const realNow = Date.now, realTimeout = setTimeout, realDeadline = AbortSignal.timeout;
const began = Number(process.env.POOL_CLOCK_FROM);
const promises = require("node:timers/promises"), realSleep = promises.setTimeout;
Date.now = () => Math.floor(began + (realNow() - began) * factor);
globalThis.setTimeout = (act, ms, ...rest) => realTimeout(act, ms / factor, ...rest);
promises.setTimeout = (ms, ...rest) => realSleep(ms / factor, ...rest);
AbortSignal.timeout = (ms) => realDeadline.call(AbortSignal, Math.ceil(ms / factor));
`;

let program: string | undefined;

/**
 * Variables with which the entrypoint's waits pass faster, so that a test need not wait out a minute. gitlab-runner and
 * GitLab keep the machine's time.
 * @param factor how much faster: 20 makes a minute of 3 s
 */
export function fastClock(factor: number): Readonly<Record<string, string>> {
  if (program === undefined) {
    const folder = mkdtempSync(join(tmpdir(), "fast-clock-"));
    program = join(folder, "node");
    const preload = join(folder, "preload.cjs");
    writeFileSync(preload, PRELOAD);
    writeFileSync(program, `#!/bin/sh\nexec ${process.execPath} --require ${preload} "$@"\n`);
    chmodSync(program, 0o755);
  }
  return {
    POOL_NODE: program,
    POOL_CLOCK: String(factor),
    POOL_CLOCK_FROM: String(Date.now()),
  };
}
