import { describe, expect, it } from "@jest/globals";
import { problemOf, readValue } from "../../../support/read-value";
import { network } from "../../../../contract/settings/types/network";
import { parseJson } from "../../../../contract/json";
import { boolean, integer, oneOf } from "../../../../contract/settings/types/plain";
import { registryPassword } from "../../../../contract/settings/types/registry-password";

describe("the type integer", () => {
  const schema = integer(2, 10);

  it.each([
    [2, 2],
    [10, 10],
    ["2", 2],
    [" +7\n", 7],
  ])("parses %j", (value, number) => {
    expect(readValue(schema, value)).toBe(number);
  });

  it.each([1, 11, 2.5, "1", "11", "2.5", "", "x3", "3x", "0x3", "3e0", "-3", true, null, [3]])(
    "rejects %j",
    (value) => {
      expect(problemOf(schema, value)).toBe("must be a whole number from 2 to 10");
    },
  );

  it("accepts negative integers if the range allows them", () => {
    expect(readValue(integer(-5, 5), "-3")).toBe(-3);
  });
});

describe("the type boolean", () => {
  it.each([
    [true, true],
    [false, false],
    ["true", true],
    [" FALSE\n", false],
  ])("parses %j", (value, read) => {
    expect(readValue(boolean, value)).toBe(read);
  });

  it.each(["", "yes", "1", 1, null])("rejects %j", (value) => {
    expect(problemOf(boolean, value)).toBe("must be true or false");
  });
});

describe("the type oneOf", () => {
  const schema = oneOf(["docker", "shell"]);

  it("accepts exactly the listed words", () => {
    expect(readValue(schema, "shell")).toBe("shell");
    expect(problemOf(schema, "Shell")).toBe("must be docker or shell");
    expect(problemOf(schema, undefined)).toBe("must be docker or shell");
  });
});

describe("parseJson", () => {
  it("parses JSON and returns undefined for anything else", () => {
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
    expect(parseJson("{")).toBeUndefined();
  });
});

describe("the setting network", () => {
  it.each(["primary-network", "a", "A.b_c-1", `n${"x".repeat(127)}`])(
    "accepts the name of an existing network: %s",
    (name) => {
      expect(readValue(network, name)).toMatchObject({ kind: "existing", name });
    },
  );

  it.each([
    ['{"subnet":"10.20.0.0/20"}', { subnet: "10.20.0.0/20" }],
    [' {"encrypted":true}', { encrypted: true }],
    [
      { subnet: "10.20.0.0/20", encrypted: false },
      { subnet: "10.20.0.0/20", encrypted: false },
    ],
  ])("accepts the settings of a network to create: %j", (written, settings) => {
    expect(readValue(network, written)).toEqual({ kind: "created", ...settings });
  });

  it.each([
    ...["", "-a", "a b", "ä", ".a", `n${"x".repeat(128)}`, "{", "[]", '{"mtu":100}'],
    ...['{"subnet":"10.20.0.0"}', '{"encrypted":"yes"}', 5, null, []],
  ])("rejects %j", (written) => {
    expect(problemOf(network, written)).toMatch(/^must /);
  });
});

describe("the setting registry.password", () => {
  it.each([
    ...["x", " a b ", '"quoted"', "$ecret", "$1", "a$VAR", "${a} b", "/path/to", "/a.tmp/b c"],
    ...["x/a.tmp/b", "pässword", "%HOME%x"],
  ])("accepts %j", (text) => {
    expect(problemOf(registryPassword, text)).toBeUndefined();
    expect(readValue(registryPassword, text)).toBe(text);
  });

  it.each([
    ["", "must not be empty"],
    ["a\n", "must not contain control characters"],
    ["a\u0007b", "must not contain control characters"],
    ["$REGISTRY_PASSWORD", "must be the password itself"],
    ["${REGISTRY_PASSWORD}", "must be the password itself"],
    ["${password}", "must be the password itself"],
    [
      "/builds/group/project.tmp/REGISTRY_PASSWORD",
      "must be the password itself, not the path of a file: change the type of the GitLab CI/CD variable from File to Variable",
    ],
  ])("rejects %j", (text, problem) => {
    expect(problemOf(registryPassword, text)).toBe(problem);
  });
});
