import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatDuration } from "../../../contract/duration";
import { SETTINGS_ENV, TASK_ENV } from "../../../contract/replica-env";
import { envOf, REPLICA_KEYS, settingOf, type KeyOf } from "../../../contract/settings/keys";
import { nest } from "../../../contract/settings/nested";
import { exampleText } from "../../support/argument-docs";
import { escapePattern } from "../../support/image-pattern";
import { readValue } from "../../support/read-value";
import { readSettings, listSecrets } from "../../../runner-image/src/settings/settings";

const TOKEN = "glrt-t1_0123456789";
const REQUIRED = { RUNNER_CI_URL: "https://gitlab.example.com", RUNNER_CI_TOKEN: TOKEN };

/** A setting's value as a string, and the parsed value. */
type Meaning = readonly [text: string, value: unknown];

const asIs = (text: fc.Arbitrary<string>) => text.map((value): Meaning => [value, value]);
const boolean = fc.boolean().map((value): Meaning => [String(value), value]);
const seconds = (min: number) =>
  fc.integer({ min, max: 86_400 }).map((value): Meaning => [formatDuration(value), value]);
/** No whitespace at the ends: values from the environment are trimmed. */
const word = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text === text.trim());
/** Entries of a comma-separated list. */
const listed = word.filter((text) => !/[\p{Cc}\p{Cs},]|^[["']|["'`]$/u.test(text));
const listOf = (entry: fc.Arbitrary<string>) =>
  fc
    .uniqueArray(entry, { minLength: 1, maxLength: 5 })
    .map((value): Meaning => [value.join(" ,  "), value]);
const list = listOf(listed);
const volume = fc.constantFrom("/cache", "/a:/b:ro", "name:/c", "/d e:/f g:z", "/x/$CI_JOB_ID");
const image = fc.constantFrom("a", "ubuntu:24.04", "r.example.com:5000/ci/job:1", "a/b_c-d.e:v1");

type Variable = Exclude<KeyOf<"replica">, "token"> | keyof typeof TASK_ENV;

/**
 * Valid values of settings and of a replica's place. Every other setting gets the example in the
 * component's documentation.
 */
const VALID: Readonly<Partial<Record<Variable, fc.Arbitrary<Meaning>>>> = {
  gitlabUrl: fc
    .tuple(fc.constantFrom("http", "https"), fc.domain(), fc.constantFrom("", "/gitlab"))
    .map(([scheme, host, path]): Meaning => {
      const url = `${scheme}://${host}${path}`;
      return [`${url}/`, url];
    }),
  runnerName: asIs(word.filter((text) => !/[\p{C}\p{Zl}\p{Zp}]|^["'`%$]/u.test(text))),
  jobImage: asIs(image),
  tags: list,
  tokenKind: asIs(fc.constantFrom("authentication", "registration")),
  runUntagged: boolean,
  locked: boolean,
  protected: boolean,
  maximumTimeout: seconds(600),
  concurrent: fc.integer({ min: 1, max: 1_000 }).map((value): Meaning => [String(value), value]),
  drainTimeout: seconds(0),
  executor: asIs(fc.constantFrom("docker", "shell")),
  "docker.privileged": boolean,
  "docker.volumes": listOf(volume),
  "docker.pullPolicy": listOf(fc.constantFrom("always", "if-not-present", "never")),
  "docker.allowedImages": listOf(listed.map(escapePattern)),
  "docker.helperImage": asIs(image),
  "docker.networkMode": asIs(fc.constantFrom("host", "my network", "a_b.c")),
  pool: asIs(word),
  node: asIs(word),
  slot: asIs(word),
  generation: asIs(word),
};

/** Secrets whose examples are outputs of a program's config. */
const OUTPUTS: readonly string[] = ["token", "docker.hostKey"];

const EXAMPLES = Object.fromEntries(
  REPLICA_KEYS.filter((key) => !OUTPUTS.includes(key) && !(key in VALID)).map((key) => {
    const text = exampleText(key);
    return [key, fc.constant<Meaning>([text, readValue(settingOf(key).type, text)])];
  }),
);

/** Any settings, each as a string and as the parsed value. */
const given = fc
  .record({ ...EXAMPLES, ...VALID }, { requiredKeys: ["gitlabUrl"] })
  .map((meanings) => Object.entries(meanings) as [Variable, Meaning][]);

const variableOf = (setting: Variable): string =>
  setting in TASK_ENV
    ? TASK_ENV[setting as keyof typeof TASK_ENV]
    : envOf(setting as KeyOf<"replica">);

const variables = (settings: readonly (readonly [Variable, Meaning])[]) =>
  Object.fromEntries(settings.map(([setting, [text]]) => [variableOf(setting), text]));
/** The parsed values, without settings of an executor that the replica does not use. */
const values = (settings: readonly (readonly [Variable, Meaning])[]): object => {
  const all = Object.fromEntries(settings.map(([setting, [, value]]) => [setting, value]));
  const isUsed = (setting: string) => {
    const key = REPLICA_KEYS.find((one) => one === setting);
    const owner = key === undefined ? undefined : settingOf(key).executor;
    return owner === undefined || owner === (all["executor"] ?? "docker");
  };
  return nest(Object.fromEntries(Object.entries(all).filter(([setting]) => isUsed(setting))));
};

/** Arbitrary settings may contradict each other. These properties are about each setting alone. */
const noRules = () => ({ problems: [], warnings: [] });

describe("readSettings", () => {
  it("parses each variable to its value", () => {
    fc.assert(
      fc.property(given, (settings) => {
        const read = readSettings({ ...variables(settings), RUNNER_CI_TOKEN: TOKEN }, noRules);
        expect(read.problems).toEqual([]);
        expect(read.settings).toMatchObject({ ...values(settings), token: TOKEN });
      }),
      { numRuns: 500 },
    );
  });

  it("reads RUNNER_SETTINGS and lets an individual variable override it", () => {
    fc.assert(
      fc.property(given, (settings) => {
        const held = { ...variables(settings), RUNNER_CI_TOKEN: TOKEN };
        const env = { [SETTINGS_ENV]: JSON.stringify(held) };
        expect(readSettings(env, noRules)).toEqual(readSettings(held, noRules));
        const own = { ...env, RUNNER_CONCURRENT: "17" };
        expect(readSettings(own, noRules).settings).toMatchObject({ concurrent: 17 });
      }),
    );
  });

  it("applies defaults, and requires a URL and a token", () => {
    expect(readSettings({}).problems).toEqual([
      "RUNNER_CI_URL must be set",
      "RUNNER_CI_TOKEN or RUNNER_CI_TOKEN_FILE must be set",
    ]);
    expect(readSettings(REQUIRED)).toEqual({
      problems: [],
      warnings: [],
      settings: {
        gitlabUrl: "https://gitlab.example.com",
        token: TOKEN,
        tokenKind: "authentication",
        runnerName: "gitlab-runner-",
        jobImage: "ubuntu:24.04",
        concurrent: 1,
        drainTimeout: 3_600,
        executor: "docker",
        docker: {
          privileged: false,
          volumes: ["/cache"],
          pullPolicy: ["always"],
          allowedImages: [],
        },
      },
    });
  });

  it("warns about settings without effect and about unknown names", () => {
    const env = { ...REQUIRED, RUNNER_TAGS: "a", RUNNER_LOCKED: "true", RUNNER_CONCURENT: "2" };

    expect(readSettings(env).warnings).toEqual([
      "RUNNER_CONCURENT is not a setting and has no effect: did you mean RUNNER_CONCURRENT?",
      "RUNNER_TAGS, RUNNER_LOCKED: no effect with an authentication token; change the runner in GitLab instead",
    ]);
    expect(readSettings({ ...env, RUNNER_TOKEN_KIND: "registration" }).warnings).toHaveLength(1);
  });

  it.each([
    ["RUNNER_CA_CERTIFICATE", "HOST.crt"],
    ["RUNNER_CA_CERT", "HOST.crt"],
    ["RUNNER_CLIENT_CERTIFICATE", "HOST.auth.crt"],
    ["RUNNER_CLIENT_CERT", "HOST.auth.crt"],
    ["RUNNER_CLIENT_KEY", "HOST.auth.key"],
  ])("says which file to use instead of %s: %s", (name, file) => {
    expect(readSettings({ ...REQUIRED, [name]: "x" }).warnings).toEqual([
      `${name} is not a setting of the image and has no effect: put the content into /etc/gitlab-runner/certs/${file}, where HOST is GitLab's host name`,
    ]);
  });
});

describe("listSecrets", () => {
  it("returns the values that no log may show", () => {
    const { settings } = readSettings(REQUIRED);
    expect(settings && listSecrets(settings)).toEqual([TOKEN]);
  });

  it("returns each value of a setting that has several", () => {
    const { settings } = readSettings({
      ...REQUIRED,
      RUNNER_SECRET_ENVIRONMENT: "A=first-one\nB=second-one",
    });
    expect(settings && listSecrets(settings)).toEqual([TOKEN, "first-one", "second-one"]);
  });
});

describe("the token", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "token-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("can come from the file in RUNNER_CI_TOKEN_FILE, without the line feed at its end", () => {
    const file = join(folder, "token");
    writeFileSync(file, `${TOKEN}\n`);
    const { RUNNER_CI_URL } = REQUIRED;

    const read = readSettings({ RUNNER_CI_URL, RUNNER_CI_TOKEN_FILE: file });

    expect(read.settings?.token).toBe(TOKEN);
    expect(readSettings({ ...REQUIRED, RUNNER_CI_TOKEN_FILE: file }).problems).toEqual([
      "RUNNER_CI_TOKEN and RUNNER_CI_TOKEN_FILE are both set: unset one",
    ]);
  });
});
