/**
 * The life of a replica from the stop signal to its exit, as a pure function of what happens. The rules: gitlab-runner is
 * told to quit only when it has no job request open, GitLab is asked to remove the replica only after gitlab-runner has
 * ended, and that once; whatever happens in which order, the replica exits.
 */
export type DrainPhase =
  /** No further request is begun; one that is open ends by itself, and a job that it brings is run. */
  | "quieting"
  /** gitlab-runner finishes its jobs. */
  | "draining"
  /** gitlab-runner aborts its jobs and tells GitLab. */
  | "aborting"
  | "killing"
  | "unregistering"
  | "done";

export interface DrainState {
  readonly phase: DrainPhase;
  /** Jobs were cut off. */
  readonly aborted: boolean;
}

export type DrainEvent =
  /** No job request is open any more, or it was waited for long enough. */
  | { readonly kind: "quiet" }
  /** The drain timeout is over, or another stop signal came; whether jobs run, or may run. */
  | { readonly kind: "hurry"; readonly jobs: boolean }
  /** gitlab-runner did not abort its jobs in time. */
  | { readonly kind: "abort timeout" }
  /** gitlab-runner is there even after it was killed. */
  | { readonly kind: "kill timeout" }
  | { readonly kind: "ended" }
  | { readonly kind: "unregistered"; readonly gone: boolean };

export type DrainCommand =
  | { readonly kind: "quit" }
  /** An `abort timeout` must follow. */
  | { readonly kind: "abort" }
  /** A `kill timeout` must follow. */
  | { readonly kind: "kill" }
  /** An `unregistered` must follow. */
  | { readonly kind: "unregister" }
  | { readonly kind: "exit"; readonly as: DrainExit };

export type DrainExit = "ok" | "aborted" | "left";

export interface DrainStep {
  readonly state: DrainState;
  readonly commands: readonly DrainCommand[];
}

export const DRAIN_START: DrainState = { phase: "quieting", aborted: false };

/** What follows from an event; events that come too late change nothing. */
export function drainStep(state: DrainState, event: DrainEvent): DrainStep {
  const { phase } = state;
  switch (event.kind) {
    case "quiet":
      return phase === "quieting" ? go(state, "draining", { kind: "quit" }) : stay(state);
    case "hurry":
      return phase === "quieting" || phase === "draining"
        ? go({ ...state, aborted: event.jobs }, "aborting", { kind: "abort" })
        : stay(state);
    case "abort timeout":
      // Its jobs end with it, and GitLab was not told.
      return phase === "aborting"
        ? go({ ...state, aborted: true }, "killing", { kind: "kill" })
        : stay(state);
    case "kill timeout":
      // While it is there it may poll, and GitLab would have the manager again: it is not asked.
      return phase === "killing" ? go(state, "done", { kind: "exit", as: "left" }) : stay(state);
    case "ended":
      return phase === "unregistering" || phase === "done"
        ? stay(state)
        : go(state, "unregistering", { kind: "unregister" });
    case "unregistered":
      return phase === "unregistering"
        ? go(state, "done", { kind: "exit", as: exitOf(state, event.gone) })
        : stay(state);
  }
}

function exitOf({ aborted }: DrainState, gone: boolean): DrainExit {
  if (!gone) return "left";
  return aborted ? "aborted" : "ok";
}

function go(state: DrainState, phase: DrainPhase, command: DrainCommand): DrainStep {
  return { state: { ...state, phase }, commands: [command] };
}

function stay(state: DrainState): DrainStep {
  return { state, commands: [] };
}
