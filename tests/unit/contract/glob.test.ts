import { describe, expect, it } from "@jest/globals";
import { matchesGlob } from "../../../contract/glob/match";
import { parseGlob } from "../../../contract/glob/parse";

const IMAGES = [
  "ubuntu",
  "ubuntu:24.04",
  "ruby:3.3",
  "registry.example.com/ci/build:3",
  "registry.example.com/ci/deep/job:1",
  "localhost:5000/a",
  "a/b@sha256:0",
];

describe("a pattern of allowed images", () => {
  // The answers of doublestar 4.10, with which gitlab-runner 19.4 compares images.
  it.each<[pattern: string, images: string[]]>([
    ["**", IMAGES],
    ["*", ["ubuntu", "ubuntu:24.04", "ruby:3.3"]],
    ["*:*", ["ubuntu:24.04", "ruby:3.3"]],
    ["ubuntu*", ["ubuntu", "ubuntu:24.04"]],
    ["ubuntu:*", ["ubuntu:24.04"]],
    ["ubuntu:24.0?", ["ubuntu:24.04"]],
    ["ubuntu:2[0-4].04", ["ubuntu:24.04"]],
    ["ubuntu:[^3]*", ["ubuntu:24.04"]],
    ["{ubuntu,ruby}:*", ["ubuntu:24.04", "ruby:3.3"]],
    ["{ubuntu,r{uby,ust}}:[23]*", ["ubuntu:24.04", "ruby:3.3"]],
    ["registry.example.com/**", IMAGES.slice(3, 5)],
    ["registry.example.com/*", []],
    ["registry.example.com/ci/*", ["registry.example.com/ci/build:3"]],
    ["registry.example.com/ci/**/job:*", ["registry.example.com/ci/deep/job:1"]],
    ["**/job:1", ["registry.example.com/ci/deep/job:1"]],
    ["*/a", ["localhost:5000/a"]],
    ["ubuntu/**", ["ubuntu"]],
    ["docker.io/library/ubuntu:*", []],
    ["UBUNTU*", []],
    ["\\ubuntu", ["ubuntu"]],
    ["a/**@*", ["a/b@sha256:0"]],
    ["registry.example.com/{ci/*,**/job:1}", IMAGES.slice(3, 5)],
    ["ubuntu{,:24.04}", ["ubuntu", "ubuntu:24.04"]],
    ["b[u-]*", []],
  ])("matches the same images as gitlab-runner does: %s", (pattern, images) => {
    expect(IMAGES.filter((image) => matchesGlob(pattern, image))).toEqual(images);
  });

  it.each([
    ["{a,b", "has a { without a matching }"],
    ["a}", "has a } without a matching {"],
    ["{a,{b}", "has a { without a matching }"],
    ["[ab", "has a [ without a matching ]"],
    ["[a-", "has a [ without a matching ]"],
    ["[]", "has an empty []"],
    ["a\\", "ends with a backslash"],
    ["{a,[b}", "has a [ without a matching ]"],
  ])("is malformed and matches nothing: %s", (pattern, fault) => {
    expect(parseGlob(pattern)).toEqual({ fault });
    expect(matchesGlob(pattern, pattern)).toBe(false);
  });

  it("is compared in a time that does not explode", () => {
    const stars = "*a".repeat(60);
    const choices = "{a,aa,aaa}".repeat(60);
    const name = `${"a".repeat(399)}b`;
    const startedMs = Date.now();
    expect([stars, choices, `**/${stars}`].map((one) => matchesGlob(one, name))).toEqual([
      false,
      false,
      false,
    ]);
    expect(Date.now() - startedMs).toBeLessThan(2_000);
  });
});
