import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { listEncodings, GITLAB_TOKEN, redactSecrets } from "../../../contract/redact";

const SECRET = 's3cr3t>>>???=&x"';

describe("the encodings of a secret", () => {
  it("include JSON, URL, base64 and hexadecimal encodings", () => {
    expect(listEncodings(SECRET)).toEqual([
      's3cr3t>>>???=&x"',
      "s3cr3t%3E%3E%3E%3F%3F%3F%3D%26x%22",
      's3cr3t>>>???=&x\\"',
      "czNjcjN0Pj4+Pz8/PSZ4Ig==",
      "czNjcjN0Pj4+Pz8/PSZ4Ig",
      "czNjcjN0Pj4-Pz8_PSZ4Ig",
      "7333637233743e3e3e3f3f3f3d267822",
    ]);
  });

  it("are empty for an empty string", () => {
    expect(listEncodings("")).toEqual([]);
  });
});

describe("redactSecrets", () => {
  it("replaces each encoding, even if one secret contains another", () => {
    const text = fc.stringMatching(/^[0-9a-z]{8,20}$/);
    fc.assert(
      fc.property(text, text, (inner, rest) => {
        const secrets = [inner, inner + rest];
        const shown = listEncodings(inner + rest).join(" ");
        expect(redactSecrets(shown, secrets)).toMatch(/^(?:\[secret\] ?)+$/);
      }),
    );
  });
});

describe("GITLAB_TOKEN", () => {
  it.each([
    "glrt-t1_abcDEF",
    "glrtr-abcDEF",
    "glpat-abcDEF.01",
    "glsoat-abcDEF",
    "GR1348941abcDEF",
  ])("matches %s", (token) => {
    expect(`a ${token} b`.replace(new RegExp(GITLAB_TOKEN, "g"), "…")).toBe("a … b");
  });

  it.each(["glrt-…", "glibc-2.31-13", "registry/glob-patterns:1", "gl-something-long"])(
    "does not match %s",
    (text) => {
      expect(text).not.toMatch(new RegExp(GITLAB_TOKEN));
    },
  );
});
