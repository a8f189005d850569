import type { Parsed, SettingType } from "../type";
import { string } from "./string";

/** Characters that a multi-line string must not contain. */
const CONTROL = /[^\P{Cc}\t\n]/u;

/**
 * A multi-line string, such as a script. A byte order mark at its beginning is dropped, because a
 * shell takes it for a part of the first command.
 * @param maxBytes the maximum length in UTF-8
 */
export function multiLine(maxBytes: number): SettingType<string> {
  return {
    ...string("multi-line string", (written) => readText(written.replace(/^\ufeff/, ""), maxBytes)),
    keepsWhitespace: true,
  };
}

function readText(text: string, maxBytes: number): Parsed<string> {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maxBytes) return { problem: `must be at most ${maxBytes} bytes; it has ${bytes}` };
  if (text.includes("\r")) {
    return { problem: "must have Unix line endings: convert the file with `dos2unix`" };
  }
  return CONTROL.test(text)
    ? { problem: "must not contain control characters other than tabs and line feeds" }
    : { value: text };
}
