import type Docker from "dockerode";
import { createLineSplitter } from "../../docker-engine/log-frames";
import { parseReplicaLine, type ReplicaLine } from "../../contract/replica-log";
import { eventually } from "./eventually";

/** Reads a container's log so far, both streams. */
export async function containerLog(docker: Docker, containerId: string): Promise<string> {
  const raw = await docker
    .getContainer(containerId)
    .logs({ stdout: true, stderr: true, follow: false });
  return unframe(raw);
}

/** Returns a function that reads the state lines in a replica's log. */
export function replicaLines(docker: Docker, containerId: string): () => Promise<ReplicaLine[]> {
  return async () => parseLines((await containerLog(docker, containerId)).split("\n"));
}

/** A replica whose log is followed. */
export interface FollowedReplica {
  /** The state lines so far. */
  readonly lines: readonly ReplicaLine[];
  /**
   * Waits for the replica's end.
   * @returns all its state lines
   */
  end(timeoutMs: number): Promise<readonly ReplicaLine[]>;
}

/**
 * Follows a replica's log until the replica ends. Swarm may remove the container with its log right
 * after that, so reading the log later could miss lines.
 */
export async function followReplica(docker: Docker, containerId: string): Promise<FollowedReplica> {
  const stream = await docker
    .getContainer(containerId)
    .logs({ stdout: true, stderr: true, follow: true });
  const lines: ReplicaLine[] = [];
  const toLines = createLineSplitter();
  stream.on("data", (chunk: Buffer) => lines.push(...parseLines(toLines(chunk))));
  let end: { readonly error?: Error } | undefined;
  stream.once("end", () => {
    end = {};
  });
  stream.once("error", (error: Error) => {
    end = { error };
  });
  return {
    lines,
    async end(timeoutMs) {
      const what = `replica ${containerId.slice(0, 12)} to end`;
      const { error } = await eventually(() => end, { what, timeoutMs });
      if (error !== undefined) throw error;
      return lines;
    },
  };
}

const parseLines = (lines: readonly string[]): ReplicaLine[] =>
  lines.map(parseReplicaLine).filter((line) => line !== undefined);

/** Without a terminal, Docker sends a log in frames: stream, three zero bytes, length, text. */
function unframe(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const end = at + 8 + raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString("utf8");
}
