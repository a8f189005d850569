import type Docker from "dockerode";
import { logLines } from "../../components/docker/log-frames";
import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";
import { eventually } from "./eventually";

/** Text of a container's log so far, both streams. */
export async function containerLog(docker: Docker, containerId: string): Promise<string> {
  const raw = await docker
    .getContainer(containerId)
    .logs({ stdout: true, stderr: true, follow: false });
  return unframe(raw);
}

/** Makes a function that reads the lines by which a replica tells its state. */
export function replicaLines(docker: Docker, containerId: string): () => Promise<ReplicaLine[]> {
  return async () => parseLines((await containerLog(docker, containerId)).split("\n"));
}

/** A replica whose log is followed. */
export interface FollowedReplica {
  /** What it has said; grows. */
  readonly said: readonly ReplicaLine[];
  /** Waits for its end. @returns all that it said */
  end(timeoutMs: number): Promise<readonly ReplicaLine[]>;
}

/**
 * Follows what a replica says until it ends. Only so is nothing missed of one that swarm may remove, log and all, as soon as it
 * has ended.
 */
export async function followReplica(docker: Docker, containerId: string): Promise<FollowedReplica> {
  const stream = await docker
    .getContainer(containerId)
    .logs({ stdout: true, stderr: true, follow: true });
  const said: ReplicaLine[] = [];
  const toLines = logLines();
  stream.on("data", (chunk: Buffer) => said.push(...parseLines(toLines(chunk))));
  let over: { readonly error?: Error } | undefined;
  stream.once("end", () => {
    over = {};
  });
  stream.once("error", (error: Error) => {
    over = { error };
  });
  return {
    said,
    async end(timeoutMs) {
      const what = `replica ${containerId.slice(0, 12)} to end`;
      const { error } = await eventually(() => over, { what, timeoutMs });
      if (error !== undefined) throw error;
      return said;
    },
  };
}

const parseLines = (lines: readonly string[]): ReplicaLine[] =>
  lines.map(parseReplicaLine).filter((line) => line !== undefined);

/** Docker sends a log without a terminal in frames: stream, three zero bytes, length, text. */
function unframe(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const end = at + 8 + raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString("utf8");
}
