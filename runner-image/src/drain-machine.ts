/**
 * The life of a replica from the stop signal to its exit, as a pure function of what happens. The rules: gitlab-runner is
 * told to quit only when it has no job request open, GitLab is asked to remove the replica only after gitlab-runner has
 * ended, and that once.
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
  /** The drain timeout is over, or another stop signal came; with the number of jobs that run. */
  | { readonly kind: "hurry"; readonly jobs: number }
  /** gitlab-runner did not abort its jobs in time. */
  | { readonly kind: "abort timeout" }
  | { readonly kind: "ended" }
  | { readonly kind: "unregistered"; readonly gone: boolean };

export type DrainCommand =
  | { readonly kind: "quit" }
  | { readonly kind: "abort" }
  | { readonly kind: "kill" }
  | { readonly kind: "unregister" }
  /** Make the request to GitLab that is under way the last one. */
  | { readonly kind: "give up" }
  | { readonly kind: "exit"; readonly as: "ok" | "aborted" | "left" };

export interface DrainStep {
  readonly state: DrainState;
  readonly commands: readonly DrainCommand[];
}

export const DRAIN_START: DrainState = { phase: "quieting", aborted: false };

/** What follows from an event; events that come too late change nothing. */
export function drainStep(state: DrainState, event: DrainEvent): DrainStep {
  switch (event.kind) {
    case "quiet":
      return state.phase === "quieting" ? go(state, "draining", { kind: "quit" }) : stay(state);
    case "hurry":
      return hurry(state, event.jobs);
    case "abort timeout":
      return state.phase === "aborting" ? go(state, "killing", { kind: "kill" }) : stay(state);
    case "ended":
      return isRunning(state.phase)
        ? go(state, "unregistering", { kind: "unregister" })
        : stay(state);
    case "unregistered":
      if (state.phase !== "unregistering") return stay(state);
      return go(state, "done", {
        kind: "exit",
        as: !event.gone ? "left" : state.aborted ? "aborted" : "ok",
      });
  }
}

function hurry(state: DrainState, jobs: number): DrainStep {
  switch (state.phase) {
    case "quieting":
    case "draining":
      return go({ ...state, aborted: jobs > 0 }, "aborting", { kind: "abort" });
    case "aborting":
      return go(state, "killing", { kind: "kill" });
    case "unregistering":
      return { state, commands: [{ kind: "give up" }] };
    case "killing":
    case "done":
      return stay(state);
  }
}

function isRunning(phase: DrainPhase): boolean {
  return phase !== "unregistering" && phase !== "done";
}

function go(state: DrainState, phase: DrainPhase, command: DrainCommand): DrainStep {
  return { state: { ...state, phase }, commands: [command] };
}

function stay(state: DrainState): DrainStep {
  return { state, commands: [] };
}
