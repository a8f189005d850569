import type { DisplayValue } from "./properties";

/** One difference of a pool, in the terms of its settings. */
export type Change =
  | { readonly kind: "scale"; readonly from: number; readonly to: number }
  | {
      readonly kind: "image";
      readonly from: string;
      readonly to: string;
      readonly cause: ImageChangeCause;
    }
  | { readonly kind: "token" }
  /** Swarm secrets of other settings. */
  | { readonly kind: "other secrets" }
  /** Swarm configs with certificates for GitLab. */
  | { readonly kind: "certificates" }
  | { readonly kind: "network" }
  /** The network of the replicas, or further ones. */
  | { readonly kind: "networks" }
  /** The user or the password with which nodes pull the image. */
  | { readonly kind: "registry login" }
  /** Whether other settings differ is unknown before the update. */
  | { readonly kind: "unknown settings" }
  /** A setting that is a list, such as `tags`. */
  | {
      readonly kind: "list";
      readonly setting: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
    }
  | {
      readonly kind: "value";
      readonly setting: string;
      readonly from: DisplayValue;
      readonly to: DisplayValue;
    };

/** Why an image changes. */
export interface ImageChangeCause {
  /** Files with other content, as paths in the build context. */
  readonly files: readonly string[];
  /** Build arguments such as the base image. */
  readonly inputs: readonly (Change & { readonly kind: "value" })[];
}

/** How many replicas a pool has: a number, or one on each node. */
export type ReplicaCount = number | "one on each node";

/** What happens to the running replicas. */
export type ReplicaImpact =
  | { readonly kind: "created"; readonly replicas: ReplicaCount }
  | { readonly kind: "deleted"; readonly replicas: ReplicaCount; readonly drain: string }
  /** All of them stop, because Swarm cannot change this in place. */
  | { readonly kind: "replaced"; readonly replicas: ReplicaCount; readonly drain: string }
  /** Each one is replaced. */
  | {
      readonly kind: "rolled";
      readonly from: ReplicaCount;
      readonly to: ReplicaCount;
      readonly drain: string;
      /** An old one stops first. @default its replacement starts first */
      readonly stopsFirst?: true;
    }
  /** Some are added or removed. The others keep running undisturbed. */
  | {
      readonly kind: "scaled";
      readonly from: number;
      readonly to: number;
      readonly drain: string;
    }
  | { readonly kind: "untouched" };

/** The changes of one pool. */
export interface PoolChange {
  /** Name of its swarm service, or of the pool if the service is unchanged. */
  readonly title: string;
  readonly changes: readonly Change[];
  readonly impact: ReplicaImpact;
}

/** A resource that does not belong to the usual changes of a pool. */
export interface ResourceChange {
  readonly op: string;
  /** Such as `docker:index/network:Network ci-network`. */
  readonly resource: string;
  /** Properties that differ. */
  readonly properties: readonly string[];
}

/** The changes that a preview announces for a stack. */
export interface StackChanges {
  readonly pools: readonly PoolChange[];
  /** Replacements and deletions that a reviewer must not miss, one sentence each. */
  readonly warnings: readonly string[];
  readonly unexpected: readonly ResourceChange[];
  /** Number of unchanged resources. */
  readonly unchanged: number;
}
