import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { showValue } from "../../../contract/show-value";
import { readSettings } from "../../../runner-image/src/settings/settings";

const TOKEN = "glrt-t1_0123456789";
const REQUIRED = { RUNNER_CI_URL: "https://gitlab.example.com", RUNNER_CI_TOKEN: TOKEN };

/** Values that a variable does not accept. */
const WRONG: Readonly<Record<string, fc.Arbitrary<string>>> = {
  RUNNER_CI_URL: fc.constantFrom("gitlab.example.com", "ftp://a", "https://", "/", "https://a/?"),
  RUNNER_NAME: fc.constantFrom("a\nb", "a\u0000b", "x".repeat(1_001)),
  RUNNER_IMAGE: fc.constantFrom("Ubuntu", "a b", "$IMAGE", "-v", "a:b:c", "ubuntu:"),
  RUNNER_TAGS: fc.constant(Array.from({ length: 51 }, (_, i) => i).join(",")),
  RUNNER_TOKEN_KIND: fc.constantFrom("legacy", "Authentication"),
  RUNNER_RUN_UNTAGGED: fc.constantFrom("yes", "1"),
  RUNNER_LOCKED: fc.constantFrom("no", "0"),
  RUNNER_PROTECTED: fc.constantFrom("ref_protected", "on"),
  RUNNER_MAXIMUM_TIMEOUT: fc.constantFrom("9m", "599s", "600", "1 h", "-1h", "366d"),
  RUNNER_CONCURRENT: fc.constantFrom("0", "-1", "1.5", "1001", "0x10", "1e3", "two", "９"),
  RUNNER_DRAIN_TIMEOUT: fc.constantFrom("8d", "-1s", "1", "1h1h", "forever"),
  RUNNER_EXECUTOR: fc.constantFrom("kubernetes", "Docker"),
  RUNNER_DOCKER_PRIVILEGED: fc.constantFrom("yes", "privileged"),
  RUNNER_DOCKER_PULL_POLICY: fc.constantFrom("sometimes", "Always"),
  RUNNER_DOCKER_HELPER_IMAGE: fc.constantFrom("A", "a b"),
};

const wrong = fc
  .record(WRONG, { requiredKeys: [] })
  .filter((env) => Object.keys(env).length > 0) as fc.Arbitrary<Record<string, string>>;

describe("invalid settings of a replica", () => {
  it("are all reported at once, each with its variable and value", () => {
    fc.assert(
      fc.property(wrong, (env) => {
        const { settings, problems } = readSettings({ ...REQUIRED, ...env });
        expect(settings).toBeUndefined();
        expect(problems).toHaveLength(Object.keys(env).length);
        for (const [name, text] of Object.entries(env)) {
          const start = new RegExp(`^${name} must be .+, got `);
          const matching = problems.filter((problem) => start.test(problem));
          expect(matching).toHaveLength(1);
          expect(matching[0]?.endsWith(showValue(text))).toBe(true);
        }
      }),
    );
  });

  it.each(["{", "[]", '"text"', "null", '{"RUNNER_CONCURRENT": 2}'])(
    "name RUNNER_SETTINGS if it is %j",
    (RUNNER_SETTINGS) => {
      expect(readSettings({ ...REQUIRED, RUNNER_SETTINGS }).problems).toEqual([
        "RUNNER_SETTINGS must be a JSON object of variables, each a string",
      ]);
    },
  );
});

describe("a message about invalid settings", () => {
  const secret = fc.stringMatching(/^[0-9a-zA-Z/:?#@.%-]{6,20}$/);
  const messagesFor = (env: Record<string, string>) => {
    const { problems, warnings } = readSettings({ ...REQUIRED, ...env });
    expect(problems.length).toBeGreaterThan(0);
    return [...problems, ...warnings].join("\n");
  };

  it("does not show an invalid token", () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(" ", "\t", "é"), (text, blank) => {
        expect(messagesFor({ RUNNER_CI_TOKEN: `glrt-${text}${blank}${text}` })).not.toContain(text);
        expect(messagesFor({ RUNNER_CI_TOKEN: text })).not.toContain(text);
      }),
    );
  });

  it.each(["https://USER@gitlab.example.com", "https:USER@gitlab.example.com/a", "//USER@gitlab"])(
    "does not show a secret in a URL such as %s",
    (url) => {
      fc.assert(
        fc.property(secret, (text) => {
          expect(messagesFor({ RUNNER_CI_URL: url.replace("USER", `user:${text}`) })).not.toContain(
            text,
          );
        }),
      );
    },
  );

  it("does not show a token that is the value of another setting", () => {
    expect(messagesFor({ RUNNER_IMAGE: "GR1348941TOKENOFARUNNER" })).not.toContain(
      "TOKENOFARUNNER",
    );
    expect(messagesFor({ RUNNER_EXECUTOR: TOKEN })).not.toContain("0123456789");
  });

  it("does not show a secret in the query of a URL", () => {
    fc.assert(
      fc.property(secret, (text) => {
        const url = `https://gitlab.example.com/?private_token=${text}`;
        expect(messagesFor({ RUNNER_CI_URL: url })).not.toContain(text);
      }),
    );
  });

  it.each([TOKEN, "acme-glrt-0123456789", "GR13489410123456789", `${TOKEN}/x`])(
    "does not show a token that is given instead of a file: %s",
    (token) => {
      const { RUNNER_CI_URL } = REQUIRED;
      const { problems } = readSettings({ RUNNER_CI_URL, RUNNER_CI_TOKEN_FILE: token });

      expect(problems).toHaveLength(1);
      expect(problems[0]).not.toContain("0123456789");
    },
  );

  it.each([
    [TOKEN, "x"],
    [`/run/secrets/${TOKEN}`, "x"],
    ["tokenwithoutprefix0123456789", "x"],
    [TOKEN, "glrt-too short"],
  ])(
    "shows neither a token given instead of a file nor an invalid token: %s, %s",
    (file, token) => {
      const text = messagesFor({ RUNNER_CI_TOKEN: token, RUNNER_CI_TOKEN_FILE: file });

      expect(text).not.toContain("0123456789");
      expect(text).toContain("RUNNER_CI_TOKEN must be");
    },
  );

  it("does not show a token that is the name of a file without a token", () => {
    const folder = mkdtempSync(join(tmpdir(), "wrong-settings-"));
    try {
      const file = join(folder, TOKEN);
      writeFileSync(file, "two words");
      const { RUNNER_CI_URL } = REQUIRED;
      const { problems } = readSettings({ RUNNER_CI_URL, RUNNER_CI_TOKEN_FILE: file });

      expect(problems).toEqual([
        expect.stringMatching(/^the content of a path that contains a token \(not shown\) must /),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
