import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { redact, redactValues } from "../../../tools/diff/redact";

/** Differs in each encoding. Its base64 form contains `+`, `/` and `=`. */
const SECRET = 's3cr3t>>>???=&x"';

/** The forms in which a diff may show a secret. */
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
  ])("redacts the token %s anywhere in a text", (token) => {
    expect(redact(`a ${token} b "${token}"`, {})).toBe('a [secret] b "[secret]"');
  });

  it.each(Object.entries(FORMS))("takes the values of secret variables out %s", (_, form) => {
    const env = { REGISTRY_PASSWORD: SECRET, HOME: "/root" };

    expect(redact(`a ${form(SECRET)} /root`, env)).toBe("a [secret] /root");
  });

  it("redacts the passwords in the variable of a setting with a name that does not say so", () => {
    const auth = Buffer.from(`ci:${SECRET}`).toString("base64");
    const RUNNER_JOB_REGISTRIES = JSON.stringify({ auths: { "registry.example.com": { auth } } });
    expect(redact(`a ${SECRET} ${auth} ci b`, { RUNNER_JOB_REGISTRIES })).toBe(
      "a [secret] [secret] ci b",
    );
  });

  it.each([
    ...["DOCKER_AUTH_CONFIG", "SSH_PRIVATE_KEY", "PRIVATE_KEY", "API_KEY", "DATADOG_APIKEY"],
    ...["AWS_SECRET_ACCESS_KEY", "RUNNER_CI_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "DB_PASS"],
    ...["DB_PWD", "MYSQL_PASSWD", "GOOGLE_CREDENTIALS", "SSH_KEY", "ENCRYPTION_KEY", "CI_JOB_JWT"],
    ...["SLACK_WEBHOOK_URL", "npm_config__auth", "npm_config_//r.example.com/:_authToken"],
    ...["GITLAB_PAT", "SESSION_COOKIE", "registry_password"],
  ])("redacts the value of %s", (name) => {
    expect(redact("a hunter2hunter2 b", { [name]: "hunter2hunter2" })).toBe("a [secret] b");
  });

  it.each(["PWD", "OLDPWD", "GIT_AUTHOR_NAME", "CI_COMMIT_AUTHOR", "KEYBOARD", "SSH_AUTH_SOCK"])(
    "keeps the value of %s",
    (name) => {
      expect(redact("a hunter2hunter2 b", { [name]: "hunter2hunter2" })).toContain("hunter2");
    },
  );

  it("redacts DOCKER_AUTH_CONFIG and each of its secrets", () => {
    const auth = Buffer.from("robot:pa55word").toString("base64");
    const config = JSON.stringify({ auths: { "r.example.com": { auth, email: "a@b.example" } } });
    const env = { DOCKER_AUTH_CONFIG: config };

    expect(redact(`${config} ${auth} pa55word r.example.com`, env)).toBe(
      "[secret] [secret] [secret] r.example.com",
    );
  });

  it("redacts each value of a secret setting that has several", () => {
    const env = { RUNNER_SECRET_ENVIRONMENT: "FIRST=hidden-1\nSECOND=hidden-2" };
    expect(redact("a hidden-2 b hidden-1", env)).toBe("a [secret] b [secret]");
    expect(redact("hidden-1", { RUNNER_SECRET_ENVIRONMENT: '{"A": "hidden-1"}' })).toBe("[secret]");
  });

  it("redacts a secret with several lines or spaces even if they were collapsed", () => {
    const env = { A_PRIVATE_KEY: "-----BEGIN-----\nabc\ndef\n", B_PASSWORD: "two  spaces here" };

    expect(redact("a -----BEGIN----- abc def b two spaces here c", env)).toBe(
      "a [secret] b [secret] c",
    );
  });

  it("redacts secrets in values, including each value of embedded JSON", () => {
    const env = { A_TOKEN: "hunter2hunter2" };
    const settings = { URL: "https://gitlab.example.com", NAME: 'a@b"hunter2hunter2' };

    expect(
      redactValues(
        { hunter2hunter2: ["hunter2hunter2", 1, null], env: JSON.stringify(settings) },
        env,
      ),
    ).toEqual({
      hunter2hunter2: ["[secret]", 1, null],
      env: JSON.stringify({ ...settings, NAME: 'a@b"[secret]' }),
    });
  });

  it("leaves no part of a secret that contains another secret", () => {
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

  it("redacts user and password in URLs", () => {
    expect(redact("s3://key:word@host/a https://me@host", {})).toBe(
      "s3://[secret]@host/a https://[secret]@host",
    );
  });

  it("keeps the path of a token file and short values", () => {
    const env = { RUNNER_CI_TOKEN_FILE: "/run/secrets/token", A_TOKEN: "dev", B_TOKEN: "       " };

    expect(redact("/run/secrets/token of dev", env)).toBe("/run/secrets/token of dev");
  });

  it("leaves no secret behind, whatever text surrounds it", () => {
    const token = fc.stringMatching(/^glrt-[0-9a-zA-Z_-]{20}$/);
    fc.assert(
      fc.property(fc.string(), token, fc.string(), (before, secret, after) => {
        expect(redact(`${before} ${secret} ${after}`, {})).not.toContain(secret);
      }),
    );
  });
});
