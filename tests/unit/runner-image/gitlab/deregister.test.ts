import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { monotonicMs } from "../../../../runner-image/src/system/clock";
import { exists } from "../../../../runner-image/src/system/files";
import { findPaths } from "../../../../runner-image/src/system/paths";
import { writeRecord } from "../../../../runner-image/src/system/registration-file";
import { deregister } from "../../../../runner-image/src/gitlab/deregister";
import { jumpingClock } from "../../../support/jumping-clock";

const HTML = "<html>blocked</html>";

interface Ending {
  readonly gone: boolean;
  readonly hasRecord: boolean;
  readonly said: readonly string[];
  /** Milliseconds. */
  readonly took: number;
}

/**
 * Deregisters the replica's own runner, or its manager, from a GitLab that always answers the same.
 */
async function end(
  status: number,
  body: string,
  ownsRunner: boolean,
  whileAsking: () => void = () => undefined,
): Promise<Ending> {
  const server = createServer((_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(body);
    whileAsking();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const gitlabUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = mkdtempSync(join(tmpdir(), "unregister-"));
  const paths = findPaths({ POOL_RUN: place, POOL_ETC: place });
  const token = "glrt-0123456789";
  writeRecord(paths.record, { gitlabUrl, runnerId: 12, token });
  const said: string[] = [];
  const began = monotonicMs();
  const gone = await deregister({
    state: {
      gitlabUrl,
      token,
      secrets: [],
      systemId: "r_0123456789ab",
      ownsSystemId: true,
      runnerId: 12,
      ownsRunner,
      canRegister: false,
      place: null,
      engine: null,
      tidiesUp: false,
      poolOnNode: null,
      imageLimit: null,
      concurrent: 1,
      drainTimeoutSeconds: 0,
      metricsPort: 0,
      acceptedAtMs: 0,
      tokenExpiresAt: null,
    },
    paths,
    report: (state, message) => said.push(`${state}: ${message}`),
    deadlineMs: began + 600,
    signal: new AbortController().signal,
  });
  server.close();
  return { gone, hasRecord: exists(paths.record), said, took: monotonicMs() - began };
}

describe("a runner that the replica registered", () => {
  it.each([
    [204, ""],
    [403, '{"message":"403 Forbidden"}'],
  ])("is deregistered, and its record removed, after %i %s", async (status, body) => {
    expect(await end(status, body, true)).toMatchObject({ gone: true, hasRecord: false });
  });

  it.each([
    [403, HTML],
    [404, HTML],
    [403, '{"message":"403 Forbidden - Runner is orphaned"}'],
    [404, '{"error":"404 Not Found"}'],
    // GitLab sends this only for a manager.
    [404, '{"message":"404 Runner manager not found Not Found"}'],
    [200, "{}"],
    [400, '{"error":"token is missing"}'],
  ])("keeps its record, and is logged as not deregistered, after %i %s", async (status, body) => {
    const { gone, hasRecord, said } = await end(status, body, true);

    expect({ gone, hasRecord }).toEqual({ gone: false, hasRecord: true });
    expect(said.at(-1)).toMatch(/^not deregistered: runner 12 is still in GitLab: /);
  });
});

describe("a manager", () => {
  it("is deregistered if GitLab does not find it", async () => {
    const body = '{"message":"404 Runner manager not found Not Found"}';

    expect(await end(404, body, false)).toMatchObject({ gone: true });
  });

  it("is not deregistered if a proxy answers 404", async () => {
    expect(await end(404, HTML, false)).toMatchObject({ gone: false });
  });
});

it.each([-7_200_000, 7_200_000])(
  "deregister retries until its deadline, even if the clock is set by %i ms",
  async (jump) => {
    using clock = jumpingClock();
    let jumped = false;
    const { gone, took } = await end(500, "", false, () => {
      if (!jumped) clock.jump(jump);
      jumped = true;
    });

    expect(gone).toBe(false);
    expect(took).toBeGreaterThanOrEqual(590);
    expect(took).toBeLessThan(5_000);
  },
);
