import type * as pulumi from "@pulumi/pulumi";
import type { KeyOf, KeyWith, ValueOf } from "../../contract/settings/keys";
import type { ForExecutor, Nested } from "../../contract/settings/nested";
import type { CreatedNetworkSetting } from "../../contract/settings/types/network";
import type { RunnerScope } from "../../contract/settings/types/runner-scope";
import type { TokenKind } from "../../contract/token";

/** How a pool's replicas prove to GitLab who they are. */
export type Identity =
  /** With a token that was supplied. */
  | { readonly kind: TokenKind; readonly token: pulumi.Output<string> }
  /** With the token of a runner that the pool creates in GitLab. */
  | { readonly kind: "created"; readonly scope: RunnerScope };

/** The network of a pool: one that exists, or how to create one. */
export type NetworkPlan =
  { readonly kind: "existing"; readonly name: pulumi.Output<string> } | CreatedNetworkSetting;

/** Settings that are plain values, since they decide what a pool is made of. */
export type PlainKey = Exclude<
  KeyOf<"pool" | "replica">,
  KeyWith<"input" | "secret"> | "tokenKind" | "runnerScope"
>;

type PlainValues = {
  readonly [K in PlainKey]: K extends KeyWith<"default" | "required">
    ? ValueOf<K>
    : ValueOf<K> | undefined;
};

/** The plain settings by name. Times are seconds. */
export type PlainSettings = ForExecutor<Nested<PlainValues>>;

/** Texts of the settings that the replicas read, by key; outputs where a setting is one. */
export type ReplicaTexts = ReadonlyMap<KeyOf<"replica">, pulumi.Input<string>>;

/** The checked settings of one pool, defaults included. */
export type PoolSettings = PlainSettings & {
  readonly identity: Identity;
  readonly gitlabUrl: pulumi.Output<string>;
  readonly replicas: pulumi.Output<number>;
  readonly network: NetworkPlan;
  readonly texts: ReplicaTexts;
  /** Texts of the secret settings that are set, but for the token. */
  readonly secrets: ReplicaTexts;
};
