import { describe, expect, it } from "@jest/globals";
import { parse } from "smol-toml";
import { findTypeProblem } from "../../../config-toml/go-types";
import keys from "../../../contract/runner-config/keys.json";

/** Parses a value as it is written in TOML. */
const read = (written: string): unknown => parse(`x = ${written}`, { integersAsBigInt: true })["x"];

/** What gitlab-runner's parser accepts and rejects, by Go type. */
const VALUES: Readonly<Record<string, { accepts: readonly string[]; rejects: readonly string[] }>> =
  {
    string: { accepts: ['""', "'a'"], rejects: ["1", "true", "[]", "{}", "1979-05-27"] },
    bool: { accepts: ["true", "false"], rejects: ['"true"', "1"] },
    int: {
      accepts: ["1", "-1", "9223372036854775807"],
      rejects: ["1.0", '"1"', "9223372036854775808"],
    },
    int32: { accepts: ["2147483647", "-2147483648"], rejects: ["2147483648"] },
    int64: { accepts: ["0x10"], rejects: ["1e3", "true"] },
    float64: { accepts: ["1", "1.5", "inf"], rejects: ['"1"'] },
    "time.Duration": {
      accepts: ['"90s"', '"1h30m"', '"1.5s"', '"-3ms"', '"0"', "0", "30000000000"],
      rejects: ["30", '"30"', '"1d"', '""', '"s"', "1.5", "true"],
    },
    "time.Time": { accepts: ["1979-05-27T07:32:00Z"], rejects: ['"1979-05-27T07:32:00Z"'] },
    "common.StringOrArray": { accepts: ['"a"', '["a", "b"]', "[]"], rejects: ["1", "[1]"] },
    "map[string]interface {}": { accepts: ["{ a = 1 }"], rejects: ["1", "[]"] },
  };

describe("the type of a value in config.toml", () => {
  it.each(
    Object.entries(VALUES).flatMap(([type, { accepts, rejects }]) => [
      ...accepts.map((value) => [value, true, type] as const),
      ...rejects.map((value) => [value, false, type] as const),
    ]),
  )("%s: accepted %p as %s", (value, isAccepted, type) => {
    expect(findTypeProblem(type, read(value)) === undefined).toBe(isAccepted);
    expect(findTypeProblem(`*${type}`, read(value)) === undefined).toBe(isAccepted);
    expect(findTypeProblem(`[]${type}`, read(`[${value}]`)) === undefined).toBe(isAccepted);
    expect(findTypeProblem(`map[string]${type}`, read(`{ a = ${value} }`)) === undefined).toBe(
      isAccepted,
    );
  });

  it("is checked for every Go type of gitlab-runner's keys", () => {
    const basic = Object.values(keys).map((type) =>
      type === "map[string]interface {}" ? type : type.replace(/^(?:\*|\[\]|map\[string\])+/, ""),
    );
    expect(Object.keys(VALUES)).toEqual(expect.arrayContaining([...new Set(basic)]));
  });

  it("names the element that is wrong", () => {
    expect(findTypeProblem("[]string", read('["a", 1]'))).toBe("[1] must be a string in quotes");
    expect(findTypeProblem("map[string]bool", read('{ a = true, b = "yes" }'))).toBe(
      ".b must be true or false, without quotes",
    );
  });
});
