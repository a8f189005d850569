import { checkedString } from "./string";
import type { SettingType } from "../type";

/** What must not stand in text of several lines: control characters but for tabs and line feeds. */
const CONTROL = /[^\P{Cc}\t\n]/u;

/** Text of several lines, such as a script. @param maxBytes longest text, as UTF-8 */
export function multiLine(maxBytes: number): SettingType<string> {
  const type = checkedString("text of several lines", (text) => {
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > maxBytes) return `must be at most ${maxBytes} bytes long, and it has ${bytes}`;
    if (text.includes("\r")) {
      return "must have Unix line ends: save the file with them, or convert it with `dos2unix`";
    }
    return CONTROL.test(text)
      ? "must have no control characters but tabs and line feeds"
      : undefined;
  });
  return { ...type, keepsWhitespace: true };
}
