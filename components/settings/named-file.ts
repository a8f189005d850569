import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Parsed, SettingType } from "../../contract/settings/type";

type FileRule = NonNullable<SettingType<unknown>["namesFile"]>;

/** A value from a file, and the file as the user wrote it. */
export interface NamedFile {
  readonly file: string;
  readonly content: Parsed<string>;
}

/**
 * Reads the file that a value of the form `@PATH` names. The path is relative to the program's
 * working directory. Pulumi starts a program in the folder of Pulumi.yaml.
 * @returns undefined if the value does not name a file
 */
export function readNamedFile(value: unknown, rule: FileRule): NamedFile | undefined {
  if (typeof value !== "string" || !value.startsWith("@")) return undefined;
  // An env file or a pipe into `pulumi config set` may add a line break.
  const file = value.slice(1).trim();
  if (file === "") return { file, content: { problem: "must name a file after the @" } };
  return { file, content: readText(resolve(file), rule) };
}

function readText(path: string, { maxBytes, conversion }: FileRule): Parsed<string> {
  try {
    const found = statSync(path);
    // A pipe or a device might never end.
    if (!found.isFile()) {
      return {
        problem: `must name a file, but ${path} is ${found.isDirectory() ? "a folder" : "not a regular file"}`,
      };
    }
    if (found.size > maxBytes) {
      return {
        problem: `must name a file of at most ${maxBytes} bytes, but ${path} has ${found.size}`,
      };
    }
    return decode(readFileSync(path), path, conversion);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    return { problem: `must name a file, but ${path} ${reason}` };
  }
}

function decode(bytes: Buffer, path: string, conversion: string | undefined): Parsed<string> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return { value: text };
  } catch {
    // Not UTF-8.
  }
  const advice = conversion === undefined ? "" : `: ${conversion}`;
  return { problem: `must name a text file, but ${path} is not text in UTF-8${advice}` };
}
