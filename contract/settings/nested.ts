import { isObject } from "../json";
import type { Executor } from "../values";

type HeadOf<K> = K extends `${infer Head}.${string}` ? Head : K;
type TailOf<K, Head extends string> = K extends `${Head}.${infer Tail}` ? Tail : never;

/** The type at a name: the value of a key, or a nested object. */
type At<F, Head> = Head extends keyof F
  ? F[Head]
  : Head extends string
    ? Nested<{ [K in keyof F as TailOf<K, Head>]: F[K] }>
    : never;

/** Names that may be missing: values that may be undefined, and objects with only such values. */
type OptionalName<F> = {
  [H in HeadOf<keyof F>]: undefined extends At<F, H>
    ? H
    : H extends keyof F
      ? never
      : Partial<At<F, H>> extends At<F, H>
        ? H
        : never;
}[HeadOf<keyof F>];

/** Nests flat keys: `{ "docker.image": string }` becomes `{ docker: { image: string } }`. */
export type Nested<F> = {
  readonly [H in Exclude<HeadOf<keyof F>, OptionalName<F>> & string]: At<F, H>;
} & {
  readonly [H in OptionalName<F> & string]?: At<F, H>;
};

/** Nested settings with only the part that belongs to their executor. */
export type ForExecutor<N> = {
  [E in Executor]: Omit<N, "executor" | Executor> & {
    readonly executor: E;
  } & (E extends keyof N ? Pick<N, E> : unknown);
}[Executor];

/** Converts flat keys to nested objects. Undefined values are omitted. */
export function nest<F extends object>(flat: F): Nested<F>;
export function nest(flat: object): object {
  const nested: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(flat) as [string, unknown][]) {
    if (value !== undefined) setAt(nested, key.split("."), value);
  }
  return nested;
}

/** Sets a value in nested objects, and creates missing objects. */
export function setAt(
  object: Record<string, unknown>,
  path: readonly string[],
  value: unknown,
): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    object[name] = value;
    return;
  }
  const found = object[name];
  const inside = isObject(found) ? found : {};
  object[name] = inside;
  setAt(inside, rest, value);
}
