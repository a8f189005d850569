import { isPath } from "../../likely-mistakes";
import type { Parsed, SettingType } from "../type";
import { string } from "./string";

/** Control characters that TOML forbids everywhere. */
const FORBIDDEN = /[^\P{Cc}\t\n]/u;

/**
 * TOML as text. In code and in stack config, `@PATH` stands for the content of a file, which the
 * program reads. Line breaks become `\n`, so that a file saved on Windows gives the same value.
 * @param maxBytes the maximum length in UTF-8
 */
export function tomlText(maxBytes: number): SettingType<string> {
  return {
    ...string("TOML or `@PATH`", (written) => readToml(written, maxBytes)),
    keepsWhitespace: true,
    namesFile: { maxBytes },
  };
}

function readToml(written: string, maxBytes: number): Parsed<string> {
  const text = written.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maxBytes) return { problem: `must be at most ${maxBytes} bytes; it has ${bytes}` };
  if (text.startsWith("@")) {
    return { problem: "must be TOML: a replica does not read a file for it" };
  }
  if (!text.includes("\n") && isPath(text)) {
    return { problem: `must be TOML, or a path with @ in front, such as @${text}` };
  }
  return FORBIDDEN.test(text)
    ? { problem: "must not contain control characters other than tabs and line breaks" }
    : { value: text };
}
