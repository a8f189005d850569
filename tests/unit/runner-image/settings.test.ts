import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatDuration } from "../../../contract/duration";
import { REPLICA_ENV, SETTINGS_ENV, type ReplicaSetting } from "../../../contract/replica-env";
import { readSettings } from "../../../runner-image/src/settings";

const TOKEN = "glrt-t1_0123456789";
const REQUIRED = { RUNNER_CI_URL: "https://gitlab.example.com", RUNNER_CI_TOKEN: TOKEN };

/** A text of a setting and what it means. */
type Meaning = readonly [text: string, value: unknown];

const asIs = (text: fc.Arbitrary<string>) => text.map((value): Meaning => [value, value]);
const boolean = fc.boolean().map((value): Meaning => [String(value), value]);
const seconds = (min: number) =>
  fc.integer({ min, max: 86_400 }).map((value): Meaning => [formatDuration(value), value]);
/** No blanks at the ends: an environment's values are trimmed. */
const word = fc.string({ minLength: 1, unit: "binary" }).filter((text) => text === text.trim());
const listed = word.filter((text) => !text.includes(","));
const list = fc
  .uniqueArray(listed, { minLength: 1, maxLength: 5 })
  .map((value): Meaning => [value.join(" ,  "), value]);
const image = fc.constantFrom("a", "ubuntu:24.04", "r.example.com:5000/ci/job:1", "a/b_c-d.e:v1");

const VALID: Readonly<Record<Exclude<ReplicaSetting, "token">, fc.Arbitrary<Meaning>>> = {
  gitlabUrl: fc
    .tuple(fc.constantFrom("http", "https"), fc.domain(), fc.constantFrom("", "/gitlab"))
    .map(([scheme, host, path]): Meaning => {
      const url = `${scheme}://${host}${path}`;
      return [`${url}/`, url];
    }),
  runnerName: asIs(word.filter((text) => !/\p{Cc}/u.test(text))),
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
  dockerPrivileged: boolean,
  dockerVolumes: list,
  dockerPullPolicy: asIs(fc.constantFrom("always", "if-not-present", "never")),
  dockerAllowedImages: list,
  dockerHelperImage: asIs(image),
  dockerNetworkMode: asIs(word),
  pool: asIs(word),
  slot: asIs(word),
  generation: asIs(word),
};

/** Any settings, each by its text and by what it means. */
const given = fc
  .record(VALID, { requiredKeys: ["gitlabUrl"] })
  .map((meanings) => Object.entries(meanings) as [ReplicaSetting, Meaning][]);

const variables = (settings: readonly (readonly [ReplicaSetting, Meaning])[]) =>
  Object.fromEntries(settings.map(([setting, [text]]) => [REPLICA_ENV[setting], text]));
const values = (settings: readonly (readonly [ReplicaSetting, Meaning])[]) =>
  Object.fromEntries(settings.map(([setting, [, value]]) => [setting, value]));

describe("the settings of a replica", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(given, (settings) => {
        const read = readSettings({ ...variables(settings), RUNNER_CI_TOKEN: TOKEN });
        expect(read.problems).toEqual([]);
        expect(read.settings).toMatchObject({ ...values(settings), token: TOKEN });
      }),
      { numRuns: 500 },
    );
  });

  it("are the same in the one variable that holds all, where one that is set by itself wins", () => {
    fc.assert(
      fc.property(given, (settings) => {
        const held = { ...variables(settings), RUNNER_CI_TOKEN: TOKEN };
        const env = { [SETTINGS_ENV]: JSON.stringify(held) };
        expect(readSettings(env)).toEqual(readSettings(held));
        const own = { ...env, RUNNER_CONCURRENT: "17" };
        expect(readSettings(own).settings).toMatchObject({ concurrent: 17 });
      }),
    );
  });

  it("have defaults, and need a URL and a token", () => {
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
        dockerPrivileged: false,
        dockerVolumes: ["/cache"],
        dockerPullPolicy: "always",
        dockerAllowedImages: [],
      },
    });
  });

  it("that have no effect are warned of, and so is a name that is none", () => {
    const env = { ...REQUIRED, RUNNER_TAGS: "a", RUNNER_LOCKED: "true", RUNNER_CONCURENT: "2" };

    expect(readSettings(env).warnings).toEqual([
      "RUNNER_CONCURENT is no setting and has no effect; is RUNNER_CONCURRENT meant?",
      "RUNNER_TAGS, RUNNER_LOCKED: no effect with an authentication token; set it for the runner in GitLab",
    ]);
    expect(readSettings({ ...env, RUNNER_TOKEN_KIND: "registration" }).warnings).toHaveLength(1);
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

  it("comes from the file that its twin names, without the line feed at its end", () => {
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
