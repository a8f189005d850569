import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { redact } from "../../../tools/diff/redact";

/** Looks different in each form: that of base64 has all of `+`, `/` and `=`. */
const SECRET = 's3cr3t>>>???=&x"';

/** Ways in which a diff may show a secret. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  "as they are": (text) => text,
  "in base64": (text) => Buffer.from(text).toString("base64"),
  "in base64 without its end": (text) => Buffer.from(text).toString("base64").replace(/=+$/, ""),
  "in base64 for URLs": (text) => Buffer.from(text).toString("base64url"),
  "in a URL": encodeURIComponent,
  "in JSON": (text) => JSON.stringify(text).slice(1, -1),
};

describe("redact", () => {
  it.each([
    "glrt-t1_abcDEF-123_xyz",
    "glrtr-abcDEF123456",
    "acme-glrt-abcDEF123456",
    "glpat-abcDEF.01.123456",
    "glcbt-64_abcDEF123456",
    "gldt-abcDEF123456",
    "GR1348941abcDEF123456",
  ])("takes the token %s out, wherever it stands", (token) => {
    expect(redact(`a ${token} b "${token}"`, {})).toBe('a [secret] b "[secret]"');
  });

  it.each(Object.entries(FORMS))("takes the values of secret variables out %s", (_, form) => {
    const env = { REGISTRY_PASSWORD: SECRET, HOME: "/root" };

    expect(redact(`a ${form(SECRET)} /root`, env)).toBe("a [secret] /root");
  });

  it("leaves no piece of a secret behind that holds another one", () => {
    const text = fc.stringMatching(/^[0-9a-z]{6,12}$/);
    fc.assert(
      fc.property(
        ...[text, text, text, fc.constantFrom(...Object.values(FORMS)), fc.boolean()],
        (inner, before, after, form, innerFirst) => {
          const outer = before + inner + after;
          const env = innerFirst
            ? { A_PASSWORD: inner, B_TOKEN: outer }
            : { A_PASSWORD: outer, B_TOKEN: inner };

          expect(redact(`a "${form(outer)}" b "${form(inner)}"`, env)).toBe(
            'a "[secret]" b "[secret]"',
          );
        },
      ),
    );
  });

  it("takes user and password out of URLs", () => {
    expect(redact("s3://key:word@host/a https://me@host", {})).toBe(
      "s3://[secret]@host/a https://[secret]@host",
    );
  });

  it("leaves the name of a token's file and short values alone", () => {
    const env = { RUNNER_CI_TOKEN_FILE: "/run/secrets/token", A_TOKEN: "dev", B_TOKEN: "       " };

    expect(redact("/run/secrets/token of dev", env)).toBe("/run/secrets/token of dev");
  });

  it("leaves no secret behind, whatever stands around it", () => {
    const token = fc.stringMatching(/^glrt-[0-9a-zA-Z_-]{20}$/);
    fc.assert(
      fc.property(fc.string(), token, fc.string(), (before, secret, after) => {
        expect(redact(`${before} ${secret} ${after}`, {})).not.toContain(secret);
      }),
    );
  });
});
