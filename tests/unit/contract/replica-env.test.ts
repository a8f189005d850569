import { describe, expect, it } from "@jest/globals";
import { parseSettingsVariable, readVariable, expandSettings } from "../../../contract/replica-env";

describe("RUNNER_SETTINGS", () => {
  it.each([{}, { RUNNER_SETTINGS: "" }, { RUNNER_SETTINGS: " \n" }])(
    "contains no variables in the environment %j",
    (env) => {
      expect(parseSettingsVariable(env)).toEqual({});
    },
  );

  it("keeps strings unchanged", () => {
    const held = { RUNNER_TAGS: "", RUNNER_NAME: " a " };

    expect(parseSettingsVariable({ RUNNER_SETTINGS: JSON.stringify(held) })).toEqual(held);
  });

  it.each(["5", '"a"', "null", "[]", '["a"]', '{"RUNNER_CONCURRENT": 2}', '{"a": "b", "c": null}'])(
    "is rejected if it is %s",
    (text) => {
      expect(() => parseSettingsVariable({ RUNNER_SETTINGS: text })).toThrow(
        new SyntaxError("RUNNER_SETTINGS is not a JSON object with string values"),
      );
    },
  );

  it("is rejected if it is not JSON, without quoting it", () => {
    expect(() => parseSettingsVariable({ RUNNER_SETTINGS: "glrt-secret" })).toThrow(
      new SyntaxError("RUNNER_SETTINGS is not a JSON object with string values"),
    );
  });

  it("is overridden by an individual variable, unless that variable is empty", () => {
    const env = {
      RUNNER_SETTINGS: JSON.stringify({ RUNNER_TAGS: "a", RUNNER_NAME: "b", RUNNER_IMAGE: "c" }),
      RUNNER_TAGS: "x",
      RUNNER_NAME: "  ",
      RUNNER_IMAGE: undefined,
    };

    expect(expandSettings(env)).toMatchObject({
      RUNNER_TAGS: "x",
      RUNNER_NAME: "b",
      RUNNER_IMAGE: "c",
    });
  });
});

describe("the value of an individual variable", () => {
  it.each([
    ["RUNNER_TAGS", " a, b\r\n", "a, b"],
    ["RUNNER_NAME", " my pool \r\n\n", " my pool "],
    ["RUNNER_NAME", "two\nlines\n", "two\nlines"],
  ])("%s=%j is read as %j", (name, text, read) => {
    expect(readVariable({ [name]: text }, name)).toBe(read);
  });

  it.each([undefined, "", " ", "\r\n"])("counts as unset if it is %j", (text) => {
    expect(readVariable({ RUNNER_TAGS: text }, "RUNNER_TAGS")).toBeUndefined();
    expect(readVariable({ RUNNER_NAME: text }, "RUNNER_NAME")).toBeUndefined();
  });
});
