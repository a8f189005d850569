import type * as z from "zod/mini";
import type { ControlMethods } from "./methods";
import type { ControlName, controlSchemas } from "./schemas";
import { waitingControls, type WaitingControls } from "./waiting";

type Params<K extends ControlName> = z.input<(typeof controlSchemas)[K]>;

/** Calls without required parameters may omit the argument. */
type Call<K extends ControlName> =
  Record<string, never> extends Params<K>
    ? (params?: Params<K>) => Promise<Awaited<ReturnType<ControlMethods[K]>>>
    : (params: Params<K>) => Promise<Awaited<ReturnType<ControlMethods[K]>>>;

/** The controls themselves, which are the same in the fake GitLab's process and over HTTP. */
export type ControlCalls = { readonly [K in ControlName]: Call<K> };

/** Everything that a test can do with a fake GitLab and read from it. */
export interface Controls extends ControlCalls, WaitingControls {}

/** How a control is executed: here, or by a request to another process. */
export type Invoke = (name: ControlName, params: unknown) => Promise<unknown>;

/** Creates the typed controls from one function that executes them. */
export function createControls(names: readonly ControlName[], invoke: Invoke): Controls {
  const calls = Object.fromEntries(
    names.map((name) => [name, (params: unknown = {}) => invoke(name, params)]),
  ) as unknown as ControlCalls;
  return { ...calls, ...waitingControls(calls) };
}
