import { describe, expect, it } from "@jest/globals";
import {
  formatDockerConfig,
  jobRegistries,
  type JobRegistries,
} from "../../../../contract/settings/types/job-registries";
import type { SettingType } from "../../../../contract/settings/type";
import { problemOf as findProblem, readValue as read } from "../../../support/read-value";

/** Written values do not matter here. */
const TYPE = jobRegistries as SettingType<unknown> as SettingType<JobRegistries>;
const readValue = (written: unknown) => read(TYPE, written);
const problemOf = (written: unknown) => findProblem(TYPE, written);

const HOST = "registry.example.com";
const LOGIN = { username: "ci", password: "correct-horse" };
const AUTH = Buffer.from("ci:correct-horse").toString("base64");

const inConfig = (auth: unknown, rest: object = {}) =>
  JSON.stringify({ auths: { [HOST]: auth }, ...rest });

describe("jobRegistries", () => {
  it.each<[string, unknown]>([
    ["an object", { [HOST]: LOGIN }],
    ["the same as JSON", JSON.stringify({ [HOST]: LOGIN })],
    ["a file saved on Windows", `\ufeff{\r\n "${HOST}": ${JSON.stringify(LOGIN)}\r\n}\r\n`],
    ["a docker config.json", inConfig({ auth: AUTH }, { psFormat: "table", credHelpers: {} })],
    ["one with a user and a password", inConfig({ ...LOGIN, email: "ci@example.com" })],
    ["one whose password is padded", inConfig({ auth: encode("ci:correct-horse\0\0") })],
    ["one with a URL", JSON.stringify({ auths: { [`https://${HOST}/v2/`]: { auth: AUTH } } })],
    ["a parsed value", readValue({ [HOST]: LOGIN })],
    ["a host in capitals", { "Registry.Example.COM": LOGIN }],
  ])("reads %s", (_, written) => {
    expect(readValue(written)).toEqual({ [HOST]: LOGIN });
  });

  it.each(["localhost", "localhost:5000", "10.0.0.7:5000", "[fd00::1]:5000", "registry:5000"])(
    "accepts the host %s",
    (host) => {
      expect(readValue({ [host]: LOGIN })).toEqual({ [host]: LOGIN });
    },
  );

  it.each([
    ...["docker.io", "index.docker.io", "registry-1.docker.io", "https://index.docker.io/v1/"],
    "index.docker.io/v1/",
  ])("knows %s as Docker Hub", (name) => {
    const value = readValue({ [name]: LOGIN });
    expect(value).toEqual({ "docker.io": LOGIN });
    expect(JSON.parse(formatDockerConfig(value))).toEqual({
      auths: { "https://index.docker.io/v1/": { auth: AUTH } },
    });
  });

  it.each([
    ["a colon and quotes", `a:b"c'd\\e`],
    ["spaces around it", "  with spaces  "],
    ["a dollar sign", "pa$$word$"],
    ["other alphabets", "пароль-密码-🔑"],
    ["the beginning of a byte order mark", "\ufeffx"],
    ["only digits", "12345678"],
  ])("keeps a password with %s", (_, password) => {
    const value = { [HOST]: { username: "ci", password } };
    expect(readValue(TYPE.format(readValue(value)))).toEqual(value);
    expect(readValue(formatDockerConfig(readValue(value)))).toEqual(value);
  });

  it("converts a number from stack config back to a password", () => {
    expect(readValue({ [HOST]: { username: 7, password: 12345678 } })).toEqual({
      [HOST]: { username: "7", password: "12345678" },
    });
  });

  it("always formats the same registries the same way", () => {
    const [a, b] = [{ "a.example.com": LOGIN }, { "b.example.com": LOGIN }];
    expect(TYPE.format(readValue({ ...b, ...a }))).toBe(TYPE.format(readValue({ ...a, ...b })));
  });

  const MUST_NAME = "must name each registry by its HOST[:PORT], and";
  it.each<[unknown, string]>([
    [{ [`${HOST}/group`]: LOGIN }, `${MUST_NAME} "${HOST}/group" has a path: write ${HOST}`],
    [{ [`${HOST}/`]: LOGIN }, `${MUST_NAME} "${HOST}/" has a path: write ${HOST}`],
    [{ [`https://${HOST}`]: LOGIN }, `${MUST_NAME} "https://${HOST}" has a scheme: write ${HOST}`],
    [
      { "https://x.example.com/group": LOGIN },
      `${MUST_NAME} "https://x.example.com/group" has a path: write x.example.com`,
    ],
    [
      { "docker.io/library": LOGIN },
      `${MUST_NAME} "docker.io/library" has a path: write docker.io`,
    ],
    [{ registry: LOGIN }, `${MUST_NAME} "registry" is not one, because it has no dot`],
    [
      { registry: { example: { com: { username: "ci" } } } },
      `${MUST_NAME} "registry" contains only objects, because a path is split at each dot: remove it, and quote the host, such as jobRegistries["registry.example.com"].username`,
    ],
    [{ "r.example.com:0": LOGIN }, `${MUST_NAME} "r.example.com:0" has no port from 1 to 65535`],
    [{ "r:99999": LOGIN }, `${MUST_NAME} "r:99999" has no port from 1 to 65535: correct the port`],
    [{ "[fd00::1]:0": LOGIN }, `${MUST_NAME} "[fd00::1]:0" has no port from 1 to 65535`],
    [{ " r.example.com ": LOGIN }, `${MUST_NAME} " r.example.com " contains a blank: remove it`],
    [
      { "registry_x.example.com": LOGIN },
      `${MUST_NAME} "registry_x.example.com" has other characters than letters, digits, dots and`,
    ],
    [{ "": LOGIN }, `${MUST_NAME} "" is not one, because it has no dot`],
    [
      { "docker.io": LOGIN, "index.docker.io": LOGIN },
      'must not repeat a registry, but "docker.io" and "index.docker.io" are the same one: remove it once',
    ],
    [{ [HOST]: "ci" }, `must have a username and a password for "${HOST}": write {"username"`],
    [
      { [HOST]: { username: "ci" } },
      `must have a password for "${HOST}", which is missing: set it`,
    ],
    [
      { [HOST]: { userName: "ci", password: "x" } },
      `must have only username and password for "${HOST}", but has "userName": did you mean username?`,
    ],
    [
      { [HOST]: { username: "", password: "x" } },
      `has an invalid username for "${HOST}", which must be 1 to 255 printable ASCII characters`,
    ],
    [
      { [HOST]: { username: "a:b", password: "x" } },
      `has an invalid username for "${HOST}", which must not contain a colon`,
    ],
    [
      { [HOST]: { username: "ci", password: "" } },
      `has an invalid password for "${HOST}", which must not be empty: set another`,
    ],
    ["ci:correct-horse", "must map hosts to logins"],
    ["~/.docker/config.json", ", or a path with @ in front, which stack config and"],
    ["/root/config.json\n", ", or a path with @ in front, which stack config and"],
    ["config.json", ", or a path with @ in front, which stack config and"],
    [`{"${HOST}": {`, "or be the text of a docker config.json; it is not JSON"],
    ["@/etc/passwords", "only stack config and plain arguments can name a file with @"],
    [[LOGIN], "must map hosts to logins"],
    ["{}", "it has no registry"],
    [inConfig({ auth: AUTH }, { credsStore: "desktop" }), "has credsStore, which names programs"],
    [
      inConfig({}, { credHelpers: { [HOST]: "ecr-login" } }),
      "has credHelpers, which names programs",
    ],
    ['{"auths": {}}', "has none in auths"],
    [inConfig({}), `has no login for "${HOST}"`],
    [inConfig({ auth: "ci:correct-horse" }), `must have the Base64 of USER:PASSWORD as auth`],
    [inConfig({ auth: encode("ci") }), `must have the Base64 of USER:PASSWORD as auth`],
    [
      inConfig({ auth: Buffer.from([0x63, 0x3a, 0xff]).toString("base64") }),
      `must have the Base64`,
    ],
    [inConfig({ auth: encode("ci:") }), `has an invalid password for "${HOST}", which must not be`],
    [inConfig({ auth: AUTH, identitytoken: "x" }), "not an identitytoken, which expires"],
    [inConfig({ auth: AUTH, registrytoken: "x" }), "not a registrytoken, which expires"],
  ])("rejects %j", (written, problem) => {
    expect(problemOf(written)).toContain(problem);
  });

  it.each(["access-token", "refresh-token"])("rejects a web login in one sentence: %s", (name) => {
    const hub = "https://index.docker.io/v1/";
    const written = { auths: { [hub]: { auth: AUTH }, [`${hub}${name}`]: { auth: AUTH } } };
    expect(problemOf(JSON.stringify(written))).toMatch(
      /^must have logins that last, but .* a short-lived web login of Docker Hub: create an access token [^;]*$/,
    );
  });

  it("rejects more than 64 KiB", () => {
    const value = { [HOST]: { ...LOGIN, password: "x".repeat(70_000) } };
    for (const written of [value, JSON.stringify(value)]) {
      expect(problemOf(written)).toMatch(/^must be at most 65536 bytes; it has 700\d\d$/);
    }
  });

  it.each<[string, unknown]>([
    ["invalid JSON", `{"${HOST}": {"username": "ci", "password": "correct-horse"}`],
    ["a user and a password", "ci:correct-horse"],
    ["an invalid auth", inConfig({ auth: `correct-horse-${AUTH}!` })],
    ["an unknown field", { [HOST]: { ...LOGIN, password: undefined, pasword: "correct-horse" } }],
    ["a password with a control character", { [HOST]: { ...LOGIN, password: "correct-horse\n" } }],
    ["an identity token", inConfig({ auth: encode("u:"), identitytoken: "correct-horse" })],
  ])("does not repeat the password of %s", (_, written) => {
    expect(problemOf(written)).toMatch(/^(?:must|has) /);
    expect(problemOf(written)).not.toMatch(/correct-horse|Y2k6Y29ycmVjdC1ob3JzZQ/);
  });

  it("names the password, and what a docker config.json contains instead, as secrets", () => {
    expect(TYPE.secretParts?.({ [HOST]: LOGIN })).toEqual([LOGIN.password, AUTH]);
  });
});

function encode(text: string): string {
  return Buffer.from(text).toString("base64");
}
