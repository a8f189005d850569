import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import versions from "../../../contract/versions.json";
import { BASE_IMAGE, NODE_IMAGE } from "../../../contract/versions";

const PROJECT = resolve(__dirname, "../../..");

/**
 * Every file except contract/versions.json that names a version of gitlab-runner or of the image's
 * Node.js.
 */
const FILES = [
  "Pulumi.dev.yaml",
  "Pulumi.yaml",
  "README.md",
  "bench/manual/Dockerfile",
  "docs/settings.md",
  "runner-image/Dockerfile",
];

const GITLAB_RUNNER = /gitlab-runner(?:-helper)?(?::v?| )(\d+\.\d+\.\d+)/g;
const NODE = /\bnode:(\d+\.\d+\.\d+)/g;

const found = (file: string, pattern: RegExp): readonly string[] =>
  [...readFileSync(join(PROJECT, file), "utf8").matchAll(pattern)].map(
    ([, version = ""]) => version,
  );

describe.each(FILES)("%s", (file) => {
  it("names only the versions of contract/versions.json", () => {
    const runner = new Set(found(file, GITLAB_RUNNER));
    expect([...runner]).toEqual([versions.gitlabRunner]);
    expect(found(file, NODE).filter((version) => version !== versions.node)).toEqual([]);
  });
});

it("the default images have the versions of contract/versions.json", () => {
  expect(BASE_IMAGE).toBe(`gitlab/gitlab-runner:v${versions.gitlabRunner}`);
  expect(NODE_IMAGE).toBe(`node:${versions.node}-bookworm-slim`);
});
