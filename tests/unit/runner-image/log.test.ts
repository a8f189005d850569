import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatOnlineMessage, parseOnlineMessage } from "../../../contract/online-message";
import {
  formatReplicaLine,
  parseReplicaLine,
  REPLICA_STATUSES,
} from "../../../contract/replica-log";
import { redact } from "../../../runner-image/src/log";

const secret = fc.string({ unit: "binary-ascii", minLength: 8, maxLength: 40 });

const nonBlank = fc.oneof(
  fc.string({ unit: "binary" }).filter((text) => text.trim() !== ""),
  fc.constantFrom("a\nb", "a\r\n\r\nb", "a\u2028b"),
);

/** Encodings in which an error or a dump may show a secret. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  "in JSON": (text) => JSON.stringify(text),
  "in a URL": encodeURIComponent,
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in base64 for URLs": (text) => Buffer.from(text).toString("base64url"),
};

describe("the log of a replica", () => {
  it.each(Object.entries(FORMS))("redacts a secret %s", (_, form) => {
    fc.assert(
      fc.property(secret, secret, (text, other) => {
        const shown = redact(`before ${form(text)} after`, [other, text]);
        expect(shown).not.toContain(form(text));
        expect(shown).not.toContain(text);
        expect(shown.startsWith("before ") && shown.endsWith(" after")).toBe(true);
      }),
    );
  });

  it("redacts a secret with invisible characters in it, and removes such characters", () => {
    const text = "at\u0007 glrt-\u200bsec\u001b[1mret\n  at x";

    expect(redact(text, ["glrt-secret"])).toBe("at [secret]\n  at x");
  });

  it("keeps a text without a secret", () => {
    expect(redact("token glrt-…", ["", "glrt-secret"])).toBe("token glrt-…");
  });

  it("keeps the words of a line that tools parse, if an access key is one of them", () => {
    const online = { systemId: "r_0123456789ab", runnerId: 1, tokenExpiresAt: null };
    const text = formatOnlineMessage(online);
    for (const word of text.split(" ")) {
      if (word !== online.systemId) expect(redact(text, [word])).toBe(text);
    }
    expect(parseOnlineMessage(redact(text, ["runner", "agent", "of"]))).toEqual(online);
    expect(redact(text, ["manager "])).toContain("[secret]");
  });

  it("writes one line for each message, which can be parsed", () => {
    fc.assert(
      fc.property(fc.constantFrom(...REPLICA_STATUSES), nonBlank, (state, message) => {
        const line = formatReplicaLine({ state, message });
        expect(line).not.toMatch(/[\r\n]/);
        expect(parseReplicaLine(line)?.state).toBe(state);
      }),
    );
  });
});
