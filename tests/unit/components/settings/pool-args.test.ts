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
import type {
  JobRegistries,
  RegistryLogin,
} from "../../../../contract/settings/types/job-registries";
import { argumentDocs, exampleText } from "../../../support/argument-docs";
import type { Nested } from "../../../../contract/settings/nested";

/** True if both have the same names. Otherwise the compiler shows the names that only one has. */
type SameNames<A, B> = [Exclude<A, B> | Exclude<B, A>] extends [never]
  ? true
  : { readonly onlyOnOneSide: Exclude<A, B> | Exclude<B, A> };

/** The type of an argument by its row in the table. One that may be an output is an input. */
type Argument<K extends SettingKey> =
  K extends KeyWith<"secret">
    ? AnyInput<WrittenOf<K>>
    : K extends KeyWith<"input">
      ? WrittenOf<K> extends Readonly<Record<string, string>>
        ? AnyInput<WrittenOf<K>>
        : ArgumentInput<WrittenOf<K>>
      : WrittenOf<K>;
type AnyInput<W> = pulumi.Input<W | InputsOf<W>>;
/** In an object of strings or logins, each value may be an output. */
type InputsOf<W> =
  W extends Readonly<Record<string, string>>
    ? Readonly<Record<string, pulumi.Input<string>>>
    : W extends JobRegistries
      ? Readonly<Record<string, pulumi.Input<InputFields<RegistryLogin>>>>
      : never;
type InputFields<T> = { readonly [K in keyof T]: pulumi.Input<T[K]> };
/** Only the string or number form may be an output, not an object such as a network to create. */
type ArgumentInput<W> =
  Extract<W, string | number> extends infer Leaf
    ? pulumi.Input<Leaf> | Exclude<W, string | number>
    : never;
type Required<K extends SettingKey> = K extends KeyWith<"required"> ? never : undefined;
type InTable = Nested<{
  readonly [K in KeyOf<"pool" | "replica">]: Argument<K> | Required<K>;
}>;

/** Values that are compared as they are. */
type Leaf =
  | string
  | number
  | boolean
  | undefined
  | readonly unknown[]
  | pulumi.Output<unknown>
  | Promise<unknown>;

/** Objects at any depth, as plain object types in which an optional name may be undefined. */
type Plain<T> = T extends Leaf
  ? T
  : { [K in keyof T]: Plain<T[K]> | (undefined extends T[K] ? undefined : never) };

/** The keys of all arguments, at any depth. `network` is one argument. */
type KeysOf<T, Prefix extends string = ""> = {
  [K in keyof T & string]: K extends "network"
    ? K
    : NonNullable<T[K]> extends Leaf | Readonly<Record<string, string>> | object[]
      ? `${Prefix}${K}`
      : NonNullable<T[K]> extends object
        ? KeysOf<NonNullable<T[K]>, `${Prefix}${K}.`>
        : `${Prefix}${K}`;
}[keyof T & string];

const names: SameNames<KeysOf<PoolArgs>, KeysOf<InTable>> = true;

/** Each side is assignable to the other. */
const fromArgs = (args: Plain<PoolArgs>): Plain<InTable> => args;
const fromTable = (args: Plain<InTable>): Plain<PoolArgs> => args;

describe("the arguments of a pool", () => {
  const comments = argumentDocs();

  it("have the names and types of the table, as the compiler checks", () => {
    expect(names).toBe(true);
    expect([fromArgs, fromTable].map((same) => typeof same)).not.toContain("undefined");
  });

  it("are exactly the settings of the table", () => {
    expect([...comments.keys()].sort()).toEqual([...POOL_KEYS].sort());
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
