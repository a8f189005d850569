import { formatRegistrationNote } from "../../contract/registration-note";
import { REPLICA_ENV } from "../../contract/replica-env";
import { nameOf, type RegisteredRunner } from "./config-toml";
import type { Answer, Gitlab, Request } from "./gitlab-api";
import { isRedirect, retry, type Outcome } from "./retry";
import type { Say } from "./log";
import type { ReplicaSettings } from "./settings";

/** Longest wait for one answer (ms). GitLab may be slow, 30 s and more, and still do what it was asked. */
const ANSWER_TIMEOUT = 60_000;

export interface Registering {
  readonly gitlab: Gitlab;
  readonly settings: ReplicaSettings;
  readonly systemId: string;
  readonly say: Say;
  /** Ends the trying: no further request is begun. */
  readonly signal: AbortSignal;
  /**
   * Cuts off a request that is under way, some time after `signal`: if it were cut off at once, GitLab might do what it was
   * asked after this replica has taken it back.
   */
  readonly cutOff: AbortSignal;
}

export type Registration =
  | { readonly kind: "accepted"; readonly runner: RegisteredRunner; readonly ownsRunner: boolean }
  | { readonly kind: "refused"; readonly message: string }
  /** Told to stop before GitLab's answer was there. */
  | { readonly kind: "stopped"; readonly asked: Asked };

/** What GitLab may have done without this replica being told so. */
export type Asked =
  | { readonly for: "nothing" }
  /** The manager of this replica, for the runner with this token. */
  | { readonly for: "manager"; readonly token: string }
  /** A runner, whose token this replica does not know. */
  | { readonly for: "runner" };

/**
 * Presents an authentication token to GitLab, which makes the manager of this replica.
 * @param ownsRunner whether this replica registered the runner itself
 */
export async function verify(
  context: Registering,
  token: string,
  ownsRunner: boolean,
): Promise<Registration> {
  const { settings, systemId } = context;
  const body = { token, system_id: systemId, info: runnerInfo(settings) };
  const { outcome, unanswered } = await ask(context, 200, "/runners/verify", body);
  const asked: Asked = unanswered ? { for: "manager", token } : { for: "nothing" };
  return conclude(outcome, { asked, tokenOf: () => token, ownsRunner });
}

/** Registers a runner of this replica's own with a registration token. */
export async function register(context: Registering): Promise<Registration> {
  const { settings, systemId } = context;
  const body = {
    token: settings.token,
    description: nameOf(settings),
    info: runnerInfo(settings),
    run_untagged: settings.runUntagged ?? true,
    locked: settings.locked ?? false,
    access_level: settings.protected === true ? "ref_protected" : "not_protected",
    tag_list: (settings.tags ?? ["docker", "linux"]).join(","),
    ...(settings.maximumTimeout === undefined ? {} : { maximum_timeout: settings.maximumTimeout }),
    maintenance_note: formatRegistrationNote(systemId),
  };
  const { outcome, unanswered } = await ask(context, 201, "/runners", body);
  const asked: Asked = { for: unanswered ? "runner" : "nothing" };
  if (unanswered && outcome.verdict === "done") {
    context.say("warning", `an earlier try was not answered: ${unknownRunner(systemId)}`);
  }
  return conclude(outcome, { asked, tokenOf: tokenIn, ownsRunner: true });
}

/** Words for a runner that GitLab may have made, and whose token this replica does not know. */
export function unknownRunner(systemId: string): string {
  const note = formatRegistrationNote(systemId);
  return `there may be a runner with the note "${note}" that nobody uses; \`npm run reap\` removes it`;
}

interface Asking {
  readonly outcome: Outcome;
  /** A try may have had its effect although no answer told so. */
  readonly unanswered: boolean;
}

async function ask(
  { gitlab, settings, say, signal, cutOff }: Registering,
  success: number,
  path: string,
  body: object,
): Promise<Asking> {
  const request: Request = { method: "POST", path, body, timeout: ANSWER_TIMEOUT, signal: cutOff };
  let unanswered = false;
  const outcome = await retry({
    ask: async () => {
      const answer = await gitlab(request);
      unanswered ||= mayHaveHappened(answer);
      return answer;
    },
    done: [success],
    signal,
    onWait: (answer, ms) => {
      say(
        "waiting",
        `${settings.gitlabUrl}: ${answer.message}; trying again in ${(ms / 1000).toFixed(1)} s`,
      );
    },
  });
  return { outcome, unanswered };
}

/** Behind a 502 or a time-out of something in between, GitLab may still be at work. */
function mayHaveHappened(answer: Answer): boolean {
  return answer.kind === "no answer" ? answer.sent : answer.status >= 500;
}

function conclude(
  { verdict, answer }: Outcome,
  {
    asked,
    tokenOf,
    ownsRunner,
  }: { asked: Asked; tokenOf: (body: object) => string; ownsRunner: boolean },
): Registration {
  if (verdict === "stopped") return { kind: "stopped", asked };
  if (verdict !== "done" || answer.kind !== "status") {
    return { kind: "refused", message: refusal(answer) };
  }
  const body = (answer.body ?? {}) as {
    readonly id?: unknown;
    readonly token_expires_at?: unknown;
  };
  const expires = body.token_expires_at;
  return {
    kind: "accepted",
    ownsRunner,
    runner: {
      id: typeof body.id === "number" ? body.id : 0,
      token: tokenOf(body),
      obtainedAt: Date.now(),
      expiresAt: typeof expires === "string" && expires !== "" ? expires : null,
    },
  };
}

function tokenIn(body: object): string {
  const { token } = body as { readonly token?: unknown };
  return typeof token === "string" ? token : "";
}

function refusal(answer: Answer): string {
  if (answer.kind === "status" && isRedirect(answer.status)) {
    return `${answer.message}: set ${REPLICA_ENV.gitlabUrl} to GitLab's own address`;
  }
  return answer.message;
}

function runnerInfo({ executor }: ReplicaSettings): object {
  return {
    name: "gitlab-runner",
    platform: "linux",
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    executor,
  };
}
