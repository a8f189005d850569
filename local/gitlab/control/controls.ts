import type * as z from "zod/mini";
import type { ControlMethods } from "./methods";
import type { ControlName, controlSchemas } from "./schemas";
import { waitingControls, type WaitingControls } from "./waiting";

type Params<K extends ControlName> = z.input<(typeof controlSchemas)[K]>;

/** Calls without required parameters may leave them out. */
type Call<K extends ControlName> =
  Record<string, never> extends Params<K>
    ? (params?: Params<K>) => Promise<Awaited<ReturnType<ControlMethods[K]>>>
    : (params: Params<K>) => Promise<Awaited<ReturnType<ControlMethods[K]>>>;

/** The controls proper, the same in the process of the stand-in and over HTTP. */
export type ControlCalls = { readonly [K in ControlName]: Call<K> };

/** All that a test can do to a GitLab and see of it. */
export interface Controls extends ControlCalls, WaitingControls {}

/** How a control is carried out: here, or by a request to another process. */
export type Invoke = (name: ControlName, params: unknown) => Promise<unknown>;

/** Makes the typed controls from the one function that carries them out. */
export function createControls(names: readonly ControlName[], invoke: Invoke): Controls {
  const calls = Object.fromEntries(
    names.map((name) => [name, (params: unknown = {}) => invoke(name, params)]),
  ) as unknown as ControlCalls;
  return { ...calls, ...waitingControls(calls) };
}
