import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { redact } from "../../../tools/diff/redact";

const SECRET = "s3cr3t+/value=&x";

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

  it("takes the values of secret variables out in plain, base64 and URL-encoded form", () => {
    const base64 = Buffer.from(SECRET).toString("base64");
    const env = { REGISTRY_PASSWORD: SECRET, HOME: "/root" };

    const text = redact(`${SECRET} ${base64} ${encodeURIComponent(SECRET)} /root`, env);

    expect(text).toBe("[secret] [secret] [secret] /root");
  });

  it("takes user and password out of URLs", () => {
    expect(redact("s3://key:word@host/a https://me@host", {})).toBe(
      "s3://[secret]@host/a https://[secret]@host",
    );
  });

  it("leaves the name of a token's file and short values alone", () => {
    const env = { RUNNER_CI_TOKEN_FILE: "/run/secrets/token", A_TOKEN: "dev" };

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
