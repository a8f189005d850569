import { PassThrough, type Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import type { EngineApi } from "../../../docker-engine/api";
import { ReplicaLogReader } from "../../../tools/docker/replica-lines";
import { logFrame } from "../../support/fake-engine";
import { pool, task } from "./fixtures";

const LINES = ["starting: a", "online: b", "waiting: c"].map(
  (text) => `gitlab-runner-pool: ${text}`,
);

/** An engine with a log of which the tail returns only the last lines. */
function engine(tail: number, open: (query: object) => Readable = () => log(LINES)) {
  const asked: Readonly<Record<string, unknown>>[] = [];
  const fake = {
    open: (_: string, query: Readonly<Record<string, unknown>>) => {
      asked.push(query);
      return Promise.resolve(query["tail"] === "all" ? open(query) : log(LINES.slice(-tail), tail));
    },
  };
  return { api: fake as unknown as EngineApi, asked };
}

function log(lines: readonly string[], last = LINES.length): Readable {
  const stream = new PassThrough();
  const first = LINES.length - last;
  for (const [i, line] of lines.entries()) stream.write(logFrame("task1", line, first + i));
  stream.end();
  return stream;
}

describe("reading the log of a pool's replicas", () => {
  it("reads only standard output, because a job may write fake state lines to standard error", async () => {
    const { api, asked } = engine(3);
    await new ReplicaLogReader(api).read(pool());

    expect(asked).toEqual([
      { follow: false, tail: "500", stdout: true, details: true, timestamps: true },
    ]);
  });

  it("reads the log from its beginning, once and up to `online`, if the tail lacks that line", async () => {
    const endless = new PassThrough();
    for (const [i, line] of LINES.slice(0, 2).entries()) endless.write(logFrame("task1", line, i));
    const { api, asked } = engine(1, () => endless);
    const reader = new ReplicaLogReader(api);

    for (let look = 0; look < 3; look += 1) {
      const { reports, problem } = await reader.read(pool());
      expect(reports.get("task1")?.map(({ message }) => message)).toEqual(["a", "b", "c"]);
      expect(problem).toBeUndefined();
    }
    expect(asked.map(({ tail }) => tail)).toEqual(["500", "all", "500", "500"]);
  });

  it("does not read the whole log for replicas that are new or gone", async () => {
    const { api, asked } = engine(1);
    const tasks = [task({ state: "pending" }), task({ id: "t2", state: "shutdown" })];
    await new ReplicaLogReader(api).read(pool({ tasks }));

    expect(asked).toHaveLength(1);
  });

  it("returns the lines so far at the timeout, and reports the limit", async () => {
    const endless = new PassThrough();
    endless.write(logFrame("task1", LINES[0] ?? "", 0));
    const api = {
      open: (_: string, query: { tail: string }, signal: AbortSignal) => {
        if (query.tail !== "all") return Promise.resolve(log(LINES.slice(-1), 1));
        signal.addEventListener("abort", () => endless.destroy(new Error("aborted")));
        return Promise.resolve(endless);
      },
    } as unknown as EngineApi;
    const limits = { tailMs: 5_000, headMs: 200 };
    const { reports, problem } = await new ReplicaLogReader(api, limits).read(pool());

    expect(problem).toBe("reading the replica logs timed out after 0.2 s");
    expect(reports.get("task1")?.map(({ message }) => message)).toEqual(["a", "c"]);
  });

  it("reports why the log cannot be read", async () => {
    const api = { open: () => Promise.reject(new Error("no such driver")) } as unknown as EngineApi;
    const { reports, problem } = await new ReplicaLogReader(api).read(pool());

    expect(problem).toBe("cannot read the replica logs: no such driver");
    expect(reports.size).toBe(0);
  });
});
