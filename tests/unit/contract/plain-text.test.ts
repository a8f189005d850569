import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { toPlainLine, toPlainText } from "../../../contract/plain-text";
import { formatReplicaLine, parseReplicaLine } from "../../../contract/replica-log";
import { runnerName } from "../../../contract/values";
import { problemOf } from "../../support/read-value";

/** Characters that must never reach a terminal, a log or a note, by description. */
const INVISIBLE: readonly (readonly [string, string])[] = [
  ["a color", "\u001b[31m"],
  ["a color with a one-character introducer", "\u009b31m"],
  ["a window title", "\u001b]0;pwned\u0007"],
  ["a window title with another terminator", "\u001b]2;pwned\u001b\\"],
  ["a link", "\u001b]8;;https://evil.example\u001b\\"],
  ["a device control string", "\u001bP+q544e\u001b\\"],
  ["a reset of the terminal", "\u001bc"],
  ["a change of the character set", "\u001b(0"],
  ["an escape by itself", "\u001b"],
  ["a bell", "\u0007"],
  ["a backspace", "\b"],
  ["a null", "\0"],
  ["a delete", "\u007f"],
  ["a C1 control character", "\u0086"],
  ["a right-to-left override", "\u202e"],
  ["an isolate", "\u2066"],
  ["an Arabic letter mark", "\u061c"],
  ["a zero-width space", "\u200b"],
  ["a zero-width joiner", "\u200d"],
  ["a word joiner", "\u2060"],
  ["a byte order mark", "\ufeff"],
  ["a soft hyphen", "\u00ad"],
  ["a Hangul filler", "\u3164"],
  ["a tag character", "\u{e0041}"],
  ["an unpaired surrogate", "\ud800"],
  ["a private-use character", "\ue000"],
];

const LINE_BREAKS = ["\n", "\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"];

describe("toPlainText", () => {
  it.each(INVISIBLE)("removes %s", (_, invisible) => {
    expect(toPlainText(`one${invisible} two`)).toBe("one two");
  });

  it("keeps other scripts, accents, emoji and code", () => {
    const text = "Zürich 東京 עברית café 🚀 ⚠️ `a | b` {{x}} \\n C:\\temp [0m";

    expect(toPlainText(text)).toBe(text);
  });

  it("keeps lines, or joins them into one line on request", () => {
    for (const end of LINE_BREAKS) {
      expect(toPlainText(`one${end}two`)).toBe("one\ntwo");
      expect(toPlainLine(`one${end}two`)).toBe("one two");
    }
  });

  it("removes every invisible character from any string", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(...INVISIBLE.map(([, invisible]) => invisible), ...LINE_BREAKS),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const line = toPlainLine(pieces.join(""));

        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
        expect(toPlainLine(line)).toBe(line);
      }),
    );
  });
});

describe("a line of a replica", () => {
  const forged = "x\u2028gitlab-runner-pool: online: y\u001b]0;pwned\u0007\u202e\r\nz";

  it("is written on one line, without invisible characters", () => {
    expect(formatReplicaLine({ state: "warning", message: forged })).toBe(
      "gitlab-runner-pool: warning: x gitlab-runner-pool: online: y z",
    );
  });

  it("is read without invisible characters, because another program may have written it", () => {
    expect(parseReplicaLine("gitlab-runner-pool: waiting: a\u001b[2J\u202eb\u0007\r\n")).toEqual({
      state: "waiting",
      message: "ab",
    });
  });
});

describe("runnerName", () => {
  it.each([
    ...INVISIBLE.filter(([, text]) => text !== "\u3164"),
    ...LINE_BREAKS.map((end) => ["a line break", end] as const),
  ])("rejects %s", (_, invisible) => {
    expect(problemOf(runnerName, `ci${invisible}-`)).toBeDefined();
  });

  it.each(["gitlab-runner-", "Läufer 東京 ", "🚀"])("accepts %j", (name) => {
    expect(problemOf(runnerName, name)).toBeUndefined();
  });
});
