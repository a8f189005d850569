import type keys from "./keys.json";

/** Path of a key in gitlab-runner's config.toml, such as `runners.docker.memory_swap`. */
export type RunnerKey = keyof typeof keys;

/** The keys of a section and of its subsections, as paths relative to the section. */
export type KeysIn<Section extends string> = RunnerKey extends infer Key
  ? Key extends `${Section}.${infer Rest}`
    ? Rest
    : never
  : never;

/** How this project treats a key of gitlab-runner's config.toml. */
export type KeyUse =
  /** An existing setting provides the value. */
  | { readonly kind: "setting"; readonly setting: string }
  /** An existing setting provides the value. Its row names another key. */
  | { readonly kind: "besides"; readonly setting: string }
  /** Only `configTemplate` sets it. */
  | { readonly kind: "template" }
  /** This project sets it in every replica, to a constant or a computed value. */
  | { readonly kind: "fixed"; readonly why: string }
  /** A replica sets it when it registers. */
  | { readonly kind: "registration"; readonly why: string }
  /** It does not make sense in a pool on a swarm. */
  | { readonly kind: "unfit"; readonly why: string };

/** The value of the setting with this name. */
export const setting = (name: string): KeyUse => ({ kind: "setting", setting: name });

/** Also the value of the setting with this name, whose row names another key. */
export const besides = (name: string): KeyUse => ({ kind: "besides", setting: name });

/** Set only by `configTemplate`. */
export const TEMPLATE: KeyUse = { kind: "template" };

/** Set by this project. @param why a sentence */
export const fixed = (why: string): KeyUse => ({ kind: "fixed", why });

/** Set when a replica registers. @param why a sentence */
export const registration = (why: string): KeyUse => ({ kind: "registration", why });

/** Makes no sense in a pool on a swarm. @param why a sentence */
export const unfit = (why: string): KeyUse => ({ kind: "unfit", why });
