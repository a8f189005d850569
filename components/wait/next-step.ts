import type { Assessment, Reasons } from "./assess-rollout";

/** How long to wait for the log to show the reason of a failure that the tasks already show. */
const LOG_GRACE_MS = 800;

/**
 * How long Swarm may fail to start a replica before the wait ends, unless a node is preparing one.
 * Swarm starts its third attempt after 5 s, when the obstacle may be gone.
 */
const STUCK_TIME_MS = 10_000;

/** What a wait remembers between two checks of the service. */
export interface WaitState {
  /** Whether the log has had time to show the reason of a failure. */
  readonly explained: boolean;
  /** Until when Swarm may fail to start replicas; Infinity if it does not fail. */
  readonly stuckUntilMs: number;
  /** The reasons found by the last check that succeeded. */
  readonly known: readonly string[];
}

/** The state of a wait before its first check. */
export const FIRST_STATE: WaitState = { explained: false, stuckUntilMs: Infinity, known: [] };

/** The assessments that can end a wait without success. */
type FailedAssessment = Extract<Assessment, { kind: "stuck" | "failed" }>;

/** What follows a check of the service. */
export type Step =
  | { readonly kind: "online" }
  /** Check again: after `graceMs` if it is set, otherwise as soon as a replica reports. */
  | { readonly kind: "again"; readonly state: WaitState; readonly graceMs?: number }
  /** Waiting any longer would not help. */
  | { readonly kind: "failed"; readonly assessment: FailedAssessment }
  | ({ readonly kind: "timed out" } & Reasons);

/**
 * Decides what follows a check.
 * @param result the assessment of the service, or why the service could not be read this time
 */
export function nextStep(
  state: WaitState,
  result: Assessment | Error,
  nowMs: number,
  deadlineMs: number,
): Step {
  if (result instanceof Error) {
    const unread = `cannot read the service: ${result.message}`;
    return nowMs >= deadlineMs
      ? { kind: "timed out", reasons: [...state.known, unread] }
      : { kind: "again", state };
  }
  if (result.kind === "online") return { kind: "online" };
  const stuckUntilMs =
    result.kind === "stuck" ? Math.min(state.stuckUntilMs, nowMs + STUCK_TIME_MS) : Infinity;
  if (result.kind === "stuck" && nowMs >= stuckUntilMs && !result.isRetrying) {
    return { kind: "failed", assessment: result };
  }
  if (result.kind === "failed" && state.explained) return { kind: "failed", assessment: result };
  if (nowMs >= deadlineMs) {
    const { reasons, silentTask } = result;
    return { kind: "timed out", reasons, ...(silentTask === undefined ? {} : { silentTask }) };
  }
  const hasFailed = result.kind === "failed";
  return {
    kind: "again",
    state: { explained: state.explained || hasFailed, stuckUntilMs, known: result.reasons },
    ...(hasFailed ? { graceMs: LOG_GRACE_MS } : {}),
  };
}
