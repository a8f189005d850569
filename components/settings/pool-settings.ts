import type * as pulumi from "@pulumi/pulumi";
import type { KeyOf, KeyWith, ValueOf } from "../../contract/settings/keys";
import type { ForExecutor, Nested } from "../../contract/settings/nested";
import type { CreatedNetworkSetting } from "../../contract/settings/types/network";
import type { RunnerScope } from "../../contract/settings/types/runner-scope";
import type { TokenKind } from "../../contract/token";

/** How the replicas of a pool authenticate with GitLab. */
export type Identity =
  /** With a supplied token. */
  | { readonly kind: TokenKind; readonly token: pulumi.Output<string> }
  /** With the token of a runner that the pool creates in GitLab. */
  | { readonly kind: "created"; readonly scope: RunnerScope };

/** The network of a pool: an existing network, or the settings of a network to create. */
export type NetworkPlan =
  { readonly kind: "existing"; readonly name: pulumi.Output<string> } | CreatedNetworkSetting;

/** Settings that must be plain values, because they decide which resources a pool consists of. */
export type PlainKey = Exclude<
  KeyOf<"pool" | "replica">,
  KeyWith<"input" | "secret"> | "tokenKind" | "runnerScope"
>;

type PlainValues = {
  readonly [K in PlainKey]: K extends KeyWith<"default" | "required">
    ? ValueOf<K>
    : ValueOf<K> | undefined;
};

/** The plain settings by name. Times are in seconds. */
export type PlainSettings = ForExecutor<Nested<PlainValues>>;

/** Formatted values of the settings that replicas read, by key. */
export type ReplicaValues = ReadonlyMap<KeyOf<"replica">, pulumi.Input<string>>;

/** Formatted values of the settings that the replicas get as files of certificates, by key. */
export type CertificateValues = ReadonlyMap<KeyWith<"certificateFile">, pulumi.Input<string>>;

/** The checked settings of one pool, including defaults. */
export type PoolSettings = PlainSettings & {
  readonly identity: Identity;
  readonly gitlabUrl: pulumi.Output<string>;
  readonly replicas: pulumi.Output<number>;
  readonly network: NetworkPlan;
  /** Names of further existing networks; undefined if there are none. */
  readonly networks: pulumi.Output<readonly string[]> | undefined;
  readonly replicaValues: ReplicaValues;
  /** Formatted values of the secret settings that are set, except the token. */
  readonly secrets: ReplicaValues;
  readonly certificates: CertificateValues;
};
