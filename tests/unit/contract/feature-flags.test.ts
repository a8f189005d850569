import { describe, expect, it } from "@jest/globals";
import { featureFlags, findFlagWarnings } from "../../../contract/feature-flags";
import { problemOf, readValue } from "../../support/read-value";

describe("featureFlags", () => {
  it.each([
    '{"FF_TIMESTAMPS": false, "FF_NETWORK_PER_BUILD": true}',
    "FF_NETWORK_PER_BUILD=true\nFF_TIMESTAMPS=False",
    { FF_NETWORK_PER_BUILD: "true", FF_TIMESTAMPS: false },
  ])("parses %j", (written) => {
    const value = readValue(featureFlags, written);
    expect(value).toEqual({ FF_NETWORK_PER_BUILD: true, FF_TIMESTAMPS: false });
    expect(readValue(featureFlags, featureFlags.format(value))).toEqual(value);
    expect(readValue(featureFlags, value)).toEqual(value);
  });

  it("rejects a misspelled flag and suggests the right one", () => {
    expect(problemOf(featureFlags, { FF_NETWORK_PER_BILD: true, ff_timestamps: true })).toBe(
      'must name feature flags of gitlab-runner, and "FF_NETWORK_PER_BILD" is not one: did you mean FF_NETWORK_PER_BUILD?; must name feature flags of gitlab-runner, and "ff_timestamps" is not one: did you mean FF_TIMESTAMPS?',
    );
  });

  it.each(["FF_TEST_FEATURE", "constructor", "__proto__"])("rejects the name %s", (name) => {
    expect(problemOf(featureFlags, JSON.stringify({ [name]: true }))).toMatch(/is not one/);
  });

  it.each(["yes", "1", "", "on"])("rejects the value %j", (value) => {
    expect(problemOf(featureFlags, { FF_TIMESTAMPS: value })).toBe(
      `must set FF_TIMESTAMPS to true or false, not ${JSON.stringify(value)}`,
    );
  });

  it.each([null, true, [], ["FF_TIMESTAMPS"], "FF_TIMESTAMPS", { FF_TIMESTAMPS: null }])(
    "rejects %j",
    (written) => {
      expect(problemOf(featureFlags, written)).toMatch(/^must be an object of feature flags/);
    },
  );

  it("rejects the token rotation, which would lock out the other replicas", () => {
    expect(problemOf(featureFlags, { FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: false })).toMatch(
      /^must not set FF_DISABLE_AUTOMATIC_TOKEN_ROTATION to false: the replicas share a token/,
    );
    expect(problemOf(featureFlags, { FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: true })).toBeUndefined();
  });

  it.each([
    "FF_CONCRETE",
    "FF_SCRIPT_TO_STEP_MIGRATION",
    "FF_SUSPENDABLE_ENVIRONMENTS",
    "FF_USE_JOB_ROUTER",
  ])("warns of %s, which is not tested here", (name) => {
    expect(findFlagWarnings({ [name]: true })[0]).toMatch(/is not tested here/);
    expect(findFlagWarnings({ [name]: false })).toEqual([]);
  });

  it("warns of a flag that is on by default only if it is turned off", () => {
    expect(findFlagWarnings({ FF_USE_ADAPTIVE_REQUEST_CONCURRENCY: true })).toEqual([]);
    expect(findFlagWarnings({ FF_USE_ADAPTIVE_REQUEST_CONCURRENCY: false })).toHaveLength(1);
  });

  it.each(["FF_PRINT_POD_EVENTS", "FF_USE_WINDOWS_JOB_OBJECT", "FF_DISABLE_POWERSHELL_STDIN"])(
    "warns that %s has no effect",
    (name) => {
      expect(findFlagWarnings({ [name]: true })[0]).toMatch(/has no effect in a pool/);
    },
  );

  it("does not warn of the flags that a pool can use", () => {
    expect(findFlagWarnings({ FF_NETWORK_PER_BUILD: true, FF_TIMESTAMPS: false })).toEqual([]);
  });
});
