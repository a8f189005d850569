import { describe, expect, it } from "@jest/globals";
import {
  chooseImages,
  listHelperRepositories,
  matchRepository,
  YOUNG_MS,
  type ImageFacts,
} from "../../../../runner-image/src/online/choose-images";
import type { EngineImage } from "../../../../runner-image/src/system/engine/images";

const NOW_MS = 1_800_000_000_000;

function image(id: string, tags: readonly string[] = [], digests: readonly string[] = []) {
  return { id, tags, digests, builtMs: 0 };
}

/** Chooses among images that arrived so many hours ago. */
function choose(hours: Readonly<Record<string, number>>, facts: Partial<ImageFacts> = {}) {
  const images: EngineImage[] = Object.keys(hours).map((id) => image(id, [`${id}:latest`]));
  const { removable, kept } = chooseImages(images, {
    used: new Set(),
    ownRepositories: [],
    arrivedMs: new Map(Object.entries(hours).map(([id, h]) => [id, NOW_MS - h * YOUNG_MS])),
    nowMs: NOW_MS,
    ...facts,
  });
  return { removable: removable.map(({ id }) => id), kept: [...kept] };
}

/** Whether an image with this name is kept because of a helper image. */
function isHelper(name: string, configured?: string): boolean {
  const images = [name.includes("@") ? image("i", [], [name]) : image("i", [name])];
  const { removable } = chooseImages(images, {
    used: new Set(),
    ownRepositories: listHelperRepositories(configured),
    arrivedMs: new Map(),
    nowMs: NOW_MS,
  });
  return removable.length === 0;
}

describe("chooseImages", () => {
  it("sorts images by their age, the oldest first", () => {
    expect(choose({ a: 2, b: 9, c: 3 })).toEqual({ removable: ["b", "c", "a"], kept: [] });
  });

  it("keeps images that containers use", () => {
    expect(choose({ a: 2, b: 9 }, { used: new Set(["b"]) })).toEqual({
      removable: ["a"],
      kept: ["in use"],
    });
  });

  it("keeps images that arrived within the last hour", () => {
    expect(choose({ a: 0.99, b: 1, c: 0 })).toEqual({
      removable: ["b"],
      kept: ["younger than an hour"],
    });
  });

  it("removes an image of which nothing is known", () => {
    expect(choose({ a: 2 }, { arrivedMs: new Map() }).removable).toEqual(["a"]);
  });

  it("keeps all versions of the runner's own image, and no image with a similar name", () => {
    const ownRepositories = [matchRepository("registry.example.com:5000/ci/runner.x")];
    const images = [
      image("old", ["registry.example.com:5000/ci/runner.x:1"]),
      image("pulled", [], ["registry.example.com:5000/ci/runner.x@sha256:0"]),
      image("similar", ["registry.example.com:5000/ci/runner.xy:1"]),
      image("dot", ["registry.example.com:5000/ci/runner-x:1"]),
      image("nameless"),
    ];
    const facts = { used: new Set<string>(), arrivedMs: new Map(), nowMs: NOW_MS };
    const { removable, kept } = chooseImages(images, { ...facts, ownRepositories });
    expect(removable.map(({ id }) => id)).toEqual(["similar", "dot", "nameless"]);
    expect([...kept]).toEqual(["the runner's own"]);
  });
});

describe("the helper images", () => {
  it.each<[string, string | undefined, boolean]>([
    [
      "registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper:x86_64-v19.4.0",
      undefined,
      true,
    ],
    ["registry.gitlab.com/x/gitlab-runner-helper:ubuntu-x86_64-v1-prebuilt", undefined, true],
    ["gitlab/gitlab-runner-helper@sha256:1", "other:1", true],
    ["gitlab/not-gitlab-runner-helper:1", undefined, false],
    ["my/helper:2", "my/helper:1", true],
    ["my/helper:2", "docker.io/my/helper:${CI_RUNNER_VERSION}", true],
    ["localhost:5000/my/helper:2", "localhost:5000/my/helper@sha256:1", true],
    ["my/helper-amd64:2", "my/helper-$ARCH:1", true],
    ["helper:2", "docker.io/library/helper", true],
    ["my/helper2:2", "my/helper:1", false],
    ["my/helper:2", "", false],
  ])("include %s with the setting %s: %s", (name, configured, included) => {
    expect(isHelper(name, configured)).toBe(included);
  });
});
