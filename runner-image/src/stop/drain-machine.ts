/**
 * A replica from the stop signal to its exit, as a pure function of events. The rules:
 *
 * - gitlab-runner is asked to quit only when it has no open job request.
 * - The replica deregisters once, and only after gitlab-runner has exited.
 * - The replica exits, whatever the order of events.
 */
export type DrainPhase =
  /**
   * No further job request begins. An open one ends by itself, and a job that it returns still
   * runs.
   */
  | "pausing"
  /** gitlab-runner finishes its jobs. */
  | "draining"
  /** gitlab-runner aborts its jobs and reports that to GitLab. */
  | "aborting"
  | "killing"
  | "deregistering"
  | "done";

export interface DrainState {
  readonly phase: DrainPhase;
  /** Jobs were aborted. */
  readonly aborted: boolean;
}

export type DrainEvent =
  /** No job request is open, or the wait for it timed out. */
  | { readonly kind: "paused" }
  /** The drain timeout was reached, or a second stop signal arrived. @param jobs if jobs may run */
  | { readonly kind: "force"; readonly jobs: boolean }
  /** gitlab-runner did not abort its jobs in time. */
  | { readonly kind: "abort timeout" }
  /** gitlab-runner still exists after it was killed. */
  | { readonly kind: "kill timeout" }
  | { readonly kind: "ended" }
  | { readonly kind: "deregistered"; readonly gone: boolean };

export type DrainCommand =
  | { readonly kind: "quit" }
  /** An `abort timeout` must follow. */
  | { readonly kind: "abort" }
  /** A `kill timeout` must follow. */
  | { readonly kind: "kill" }
  /** A `deregistered` must follow. */
  | { readonly kind: "deregister" }
  | { readonly kind: "exit"; readonly as: DrainExit };

export type DrainExit = "ok" | "aborted" | "notDeregistered";

export interface DrainStep {
  readonly state: DrainState;
  readonly commands: readonly DrainCommand[];
}

export const DRAIN_START: DrainState = { phase: "pausing", aborted: false };

/** Computes what follows from an event. Events that come too late change nothing. */
export function drainStep(state: DrainState, event: DrainEvent): DrainStep {
  const { phase } = state;
  switch (event.kind) {
    case "paused":
      return phase === "pausing" ? enter(state, "draining", { kind: "quit" }) : stay(state);
    case "force":
      return phase === "pausing" || phase === "draining"
        ? enter({ ...state, aborted: event.jobs }, "aborting", { kind: "abort" })
        : stay(state);
    case "abort timeout":
      // Its jobs end with it, and GitLab did not learn of it.
      return phase === "aborting"
        ? enter({ ...state, aborted: true }, "killing", { kind: "kill" })
        : stay(state);
    case "kill timeout":
      // gitlab-runner may still poll, and GitLab would create the manager again, so do not
      // deregister.
      return phase === "killing"
        ? enter(state, "done", { kind: "exit", as: "notDeregistered" })
        : stay(state);
    case "ended":
      return phase === "deregistering" || phase === "done"
        ? stay(state)
        : enter(state, "deregistering", { kind: "deregister" });
    case "deregistered":
      return phase === "deregistering"
        ? enter(state, "done", { kind: "exit", as: chooseExit(state, event.gone) })
        : stay(state);
  }
}

function chooseExit({ aborted }: DrainState, gone: boolean): DrainExit {
  if (!gone) return "notDeregistered";
  return aborted ? "aborted" : "ok";
}

function enter(state: DrainState, phase: DrainPhase, command: DrainCommand): DrainStep {
  return { state: { ...state, phase }, commands: [command] };
}

function stay(state: DrainState): DrainStep {
  return { state, commands: [] };
}
