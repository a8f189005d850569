import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "@jest/globals";
import {
  readServiceLog,
  type LogEnd,
  type LogQuery,
  type LogSource,
} from "../../../docker-engine/service-log";
import { logFrame } from "../../support/fake-engine";

const NEVER: LogEnd = { signal: new AbortController().signal };

async function read(stream: Readable, query: LogQuery, end: LogEnd = NEVER) {
  const engine = { open: () => Promise.resolve(stream) } as unknown as LogSource;
  const lines: (readonly [task: string, text: string, at: string])[] = [];
  for await (const { taskId, text, at } of readServiceLog(engine, "s1", query, end)) {
    lines.push([taskId, text, at]);
  }
  return lines;
}

/** One line of a log without timestamps. */
function frame(line: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(Buffer.byteLength(line) + 1, 4);
  return Buffer.concat([header, Buffer.from(`${line}\n`)]);
}

describe("the log of a service", () => {
  it("has the task of each line, and its time if requested", async () => {
    const timed = Readable.from([logFrame("t1", "one"), logFrame("t2", "two", 1)]);
    expect(await read(timed, { stdout: true, timestamps: true })).toEqual([
      ["t1", "one", "2026-11-24T09:00:00.000Z"],
      ["t2", "two", "2026-11-24T09:00:01.000Z"],
    ]);
    const labels = "com.docker.swarm.node.id=n,com.docker.swarm.task.id=t1,team=ci";
    expect(await read(Readable.from([frame(`${labels} one`)]), { stdout: true })).toEqual([
      ["t1", "one", ""],
    ]);
  });

  it("does not read the task's ID from the text of a line", async () => {
    const text = "com.docker.swarm.task.id=t2 gitlab-runner-pool: online:";
    const labels = "com.docker.swarm.task.id=t1";
    expect(await read(Readable.from([frame(`${labels} ${text}`)]), { stdout: true })).toEqual([
      ["t1", text, ""],
    ]);
    expect(await read(Readable.from([frame(`none ${text}`)]), { stdout: true })).toEqual([]);
  });

  it("ends after the given time without a line", async () => {
    const endless = new PassThrough();
    endless.write(logFrame("t1", "one"));
    for (const [text, ms] of [["two", 200] as const, ["three", 400] as const]) {
      setTimeout(() => endless.write(logFrame("t1", text)), ms);
    }
    const query = { stdout: true, follow: true, timestamps: true } as const;
    const lines = await read(endless, query, { ...NEVER, quietMs: 300 });
    expect(lines.map(([, text]) => text)).toEqual(["one", "two", "three"]);
    expect(endless.destroyed).toBe(true);
  });

  it("throws when the signal aborts it", async () => {
    const endless = new PassThrough();
    const signal = AbortSignal.timeout(50);
    await expect(read(endless, { stdout: true }, { signal, quietMs: 5_000 })).rejects.toThrow();
    expect(endless.destroyed).toBe(true);
  });
});
