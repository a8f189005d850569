import { formatRegistrationNote } from "../../contract/registration-note";
import { REPLICA_ENV } from "../../contract/replica-env";
import type { RegisteredRunner } from "./config-toml";
import type { Answer, Gitlab } from "./gitlab-api";
import { retry, type Outcome } from "./retry";
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
  | { readonly kind: "stopped" };

/** Presents an authentication token to GitLab, which makes the manager of this replica. */
export async function verify(
  context: Registering,
  token: string,
  ownsRunner: boolean,
): Promise<Registration> {
  const { gitlab, settings, systemId, cutOff } = context;
  const body = { token, system_id: systemId, info: runnerInfo(settings) };
  const outcome = await ask(context, [200], () =>
    gitlab({
      method: "POST",
      path: "/runners/verify",
      body,
      timeout: ANSWER_TIMEOUT,
      signal: cutOff,
    }),
  );
  return conclude(outcome, () => token, ownsRunner);
}

/** Registers a runner of this replica's own with a registration token. */
export async function register(context: Registering): Promise<Registration> {
  const { gitlab, settings, cutOff } = context;
  const body = {
    token: settings.token,
    description: `${settings.runnerName}${settings.slot ?? ""}`,
    info: runnerInfo(settings),
    run_untagged: settings.runUntagged ?? true,
    locked: settings.locked ?? false,
    access_level: settings.protected === true ? "ref_protected" : "not_protected",
    tag_list: (settings.tags ?? ["docker", "linux"]).join(","),
    ...(settings.maximumTimeout === undefined ? {} : { maximum_timeout: settings.maximumTimeout }),
    maintenance_note: formatRegistrationNote(context.systemId),
  };
  const outcome = await ask(context, [201], () =>
    gitlab({ method: "POST", path: "/runners", body, timeout: ANSWER_TIMEOUT, signal: cutOff }),
  );
  return conclude(outcome, tokenIn, true);
}

function ask(
  context: Registering,
  done: readonly number[],
  send: () => Promise<Answer>,
): Promise<Outcome> {
  const { settings, say, signal } = context;
  return retry({
    ask: send,
    done,
    signal,
    onWait: (answer, ms) => {
      say(
        "waiting",
        `${settings.gitlabUrl}: ${answer.message}; trying again in ${(ms / 1000).toFixed(1)} s`,
      );
    },
  });
}

function conclude(
  { verdict, answer }: Outcome,
  tokenOf: (body: object) => string,
  ownsRunner: boolean,
): Registration {
  if (verdict === "stopped") return { kind: "stopped" };
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
  if (answer.kind === "status" && answer.status >= 300 && answer.status < 400) {
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
