import { describe, expect, it } from "@jest/globals";
import type * as pulumi from "@pulumi/pulumi";
import type { PoolArgs } from "../../../../components/settings/pool-args";
import {
  defaultOf,
  POOL_KEYS,
  settingOf,
  type KeyOf,
  type KeyWith,
  type SettingKey,
  type WrittenOf,
} from "../../../../contract/settings/keys";
import { argumentDocs, exampleText } from "../../../support/argument-docs";
import type { Nested } from "../../../../contract/settings/nested";

/** True if both have the same names. Otherwise the compiler shows the names that only one has. */
type SameNames<A, B> = [Exclude<A, B> | Exclude<B, A>] extends [never]
  ? true
  : { readonly onlyOnOneSide: Exclude<A, B> | Exclude<B, A> };

/** The type of an argument by its row in the table. One that may be an output is an input. */
type Argument<K extends SettingKey> =
  K extends KeyWith<"input"> ? ArgumentInput<WrittenOf<K>> : WrittenOf<K>;
/** Only the string or number form may be an output, not an object such as a network to create. */
type ArgumentInput<W> =
  Extract<W, string | number> extends infer Leaf
    ? pulumi.Input<Leaf> | Exclude<W, string | number>
    : never;
type Required<K extends SettingKey> = K extends KeyWith<"required"> ? never : undefined;
type InTable = Nested<{
  readonly [K in KeyOf<"pool" | "replica">]: Argument<K> | Required<K>;
}>;

/** Both sides as plain object types, with the nested `docker` apart. */
type Simplified<T> = T extends readonly unknown[] ? T : { [K in keyof T]: T[K] };
type Top = Simplified<Omit<PoolArgs, "docker">>;
type TopInTable = Simplified<Omit<InTable, "docker">>;
type Docker = Simplified<NonNullable<PoolArgs["docker"]>>;
type DockerInTable = Simplified<NonNullable<InTable["docker"]>>;

const names: SameNames<keyof PoolArgs, keyof InTable> = true;
const dockerNames: SameNames<keyof Docker, keyof DockerInTable> = true;

/** Each side is assignable to the other. */
const top = (args: Top): TopInTable => args;
const topBack = (args: TopInTable): Top => args;
const docker = (args: Docker): DockerInTable => args;
const dockerBack = (args: DockerInTable): Docker => args;

describe("the arguments of a pool", () => {
  const comments = argumentDocs();

  it("have the names and types of the table, as the compiler checks", () => {
    expect([names, dockerNames]).toEqual([true, true]);
    expect([top, topBack, docker, dockerBack].map((same) => typeof same)).not.toContain(
      "undefined",
    );
  });

  it("are exactly the settings of the table", () => {
    const objects = new Set(["docker"]);
    const keys = [...comments.keys()].filter((key) => !objects.has(key));
    expect(keys.sort()).toEqual([...POOL_KEYS].sort());
  });

  it.each(POOL_KEYS)("%s documents the default of the table", (key) => {
    const written = comments.get(key)?.tags.get("default");
    const read = written === undefined ? undefined : settingOf(key).type.parse(JSON.parse(written));
    const standard = settingOf(key).default === "[]" ? undefined : defaultOf(key);
    expect(read).toEqual(standard === undefined ? undefined : { value: standard });
  });

  it.each(POOL_KEYS)("%s documents its effect and a valid example", (key) => {
    const comment = comments.get(key);
    expect(comment?.text).toMatch(/^[A-Z].*\./s);
    if (settingOf(key).secret === true) expect(comment?.tags.get("example")).toBeDefined();
    else expect(exampleText(key)).not.toBe("");
  });
});
