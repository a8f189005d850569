import type Docker from "dockerode";
import { eventually } from "./eventually";
import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";

/** Text of a container's log so far, both streams. */
export async function containerLog(docker: Docker, containerId: string): Promise<string> {
  const raw = await docker
    .getContainer(containerId)
    .logs({ stdout: true, stderr: true, follow: false });
  return unframe(raw);
}

/** Makes a function that reads the lines by which a replica tells its state. */
export function replicaLines(docker: Docker, containerId: string): () => Promise<ReplicaLine[]> {
  return async () => parseLines(await containerLog(docker, containerId));
}

/**
 * Follows what a replica says until it ends. Only so is nothing missed of one that swarm may remove, log and all, as soon as it
 * has ended.
 */
export async function followReplica(
  docker: Docker,
  containerId: string,
): Promise<{ said(): readonly ReplicaLine[]; end(timeoutMs: number): Promise<ReplicaLine[]> }> {
  const stream = await docker
    .getContainer(containerId)
    .logs({ stdout: true, stderr: true, follow: true });
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  let ended = false;
  let failure: Error | undefined;
  stream.once("end", () => {
    ended = true;
  });
  stream.once("error", (error: Error) => {
    failure = error;
  });
  const said = (): ReplicaLine[] => parseLines(unframe(Buffer.concat(chunks)));
  return {
    said,
    async end(timeoutMs) {
      await eventually(() => Promise.resolve(ended || failure !== undefined), {
        what: `replica ${containerId.slice(0, 12)} to end`,
        timeoutMs,
      });
      if (failure !== undefined) throw failure;
      return said();
    },
  };
}

const parseLines = (log: string): ReplicaLine[] =>
  log
    .split("\n")
    .map(parseReplicaLine)
    .filter((line) => line !== undefined);

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
