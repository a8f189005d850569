import { Readable } from "node:stream";
import type { Io } from "../../tools/io";

/** In-memory input and output of a tool. */
export interface MemoryIo extends Io {
  readonly printed: () => string;
  readonly complained: () => string;
}

export function memoryIo(env: Readonly<Record<string, string>> = {}, input = ""): MemoryIo {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    env,
    stdin: Readable.from([input]),
    out: { write: (text) => out.push(text) },
    err: { write: (text) => err.push(text) },
    printed: () => out.join(""),
    complained: () => err.join(""),
  };
}
