import { checkedString } from "./string";
import type { SettingType } from "../type";

/** Characters that a multi-line string must not contain. */
const CONTROL = /[^\P{Cc}\t\n]/u;

/** A multi-line string, such as a script. @param maxBytes the maximum length in UTF-8 */
export function multiLine(maxBytes: number): SettingType<string> {
  const type = checkedString("multi-line string", (text) => {
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > maxBytes) return `must be at most ${maxBytes} bytes; it has ${bytes}`;
    if (text.includes("\r")) {
      return "must have Unix line endings: convert the file with `dos2unix`";
    }
    return CONTROL.test(text)
      ? "must not contain control characters other than tabs and line feeds"
      : undefined;
  });
  return { ...type, keepsWhitespace: true };
}
