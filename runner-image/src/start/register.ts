import { formatRegistrationNote } from "../../../contract/registration-note";
import { defaultOf, envOf } from "../../../contract/settings/keys";
import { wallClockMs } from "../system/clock";
import { formatRunnerName, type RegisteredRunner } from "../gitlab-runner/config-toml";
import { isRedirect } from "../../../gitlab-api/retry-policy";
import type { ApiResult, Gitlab, Request } from "../gitlab/client";
import type { Report } from "../log";
import { parseRunner, requireRunner } from "../gitlab/registered-runner";
import { retry, type Outcome } from "../gitlab/retry";
import type { ReplicaSettings } from "../settings/settings";

/** Longest wait for one response. GitLab may take 30 s and more, and still act on the request. */
const RESPONSE_TIMEOUT_MS = 60_000;

export interface Registering {
  readonly gitlab: Gitlab;
  readonly settings: ReplicaSettings;
  readonly systemId: string;
  readonly report: Report;
  /** Ends the retries: no further request begins. */
  readonly signal: AbortSignal;
  /**
   * Cancels a request in flight, some time after `signal`. If it were canceled at once, GitLab
   * might act on it after this replica has undone it.
   */
  readonly cutOff: AbortSignal;
}

export type Registration =
  | { readonly kind: "accepted"; readonly runner: RegisteredRunner; readonly ownsRunner: boolean }
  | {
      readonly kind: "refused";
      /** Of GitLab's response. */
      readonly status: number;
      readonly message: string;
    }
  /** A stop signal arrived before GitLab's response. */
  | { readonly kind: "stopped"; readonly asked: PendingRequest };

/** What GitLab may have created without this replica learning of it. */
export type PendingRequest =
  | { readonly for: "nothing" }
  /** The manager of this replica, for the runner with this token. */
  | { readonly for: "manager"; readonly token: string }
  /** A runner, whose token this replica does not know. */
  | { readonly for: "runner" };

/**
 * Presents an authentication token to GitLab, which creates the manager of this replica.
 * @param ownsRunner whether this replica registered the runner itself
 */
export async function verify(
  context: Registering,
  token: string,
  ownsRunner: boolean,
): Promise<Registration> {
  const { settings, systemId } = context;
  const body = { token, system_id: systemId, info: buildRunnerInfo(settings) };
  const { outcome, unanswered } = await ask(context, 200, "/runners/verify", body);
  const asked: PendingRequest = unanswered ? { for: "manager", token } : { for: "nothing" };
  return conclude(outcome, { asked, token, ownsRunner });
}

/** Registers this replica's own runner with a registration token. */
export async function register(context: Registering): Promise<Registration> {
  const { settings, systemId } = context;
  const body = {
    token: settings.token,
    description: formatRunnerName(settings),
    info: buildRunnerInfo(settings),
    run_untagged: settings.runUntagged ?? defaultOf("runUntagged"),
    locked: settings.locked ?? defaultOf("locked"),
    access_level: isProtected(settings) ? "ref_protected" : "not_protected",
    tag_list: (settings.tags ?? defaultOf("tags") ?? []).join(","),
    ...(settings.maximumTimeout === undefined ? {} : { maximum_timeout: settings.maximumTimeout }),
    maintenance_note: formatRegistrationNote(systemId, settings.pool),
  };
  const { outcome, unanswered } = await ask(context, 201, "/runners", body);
  const asked: PendingRequest = { for: unanswered ? "runner" : "nothing" };
  if (unanswered && outcome.verdict === "done") {
    context.report(
      "warning",
      `GitLab did not answer an earlier request: ${describeUnknownRunner(systemId)}`,
    );
  }
  return conclude(outcome, { asked, ownsRunner: true });
}

function isProtected(settings: ReplicaSettings): boolean {
  return settings.protected ?? defaultOf("protected") ?? false;
}

/** Describes a runner that GitLab may have created and whose token this replica does not know. */
export function describeUnknownRunner(systemId: string): string {
  const note = formatRegistrationNote(systemId);
  return `it may have a runner with the note "${note}" that no replica uses; \`npm run reap\` deletes it`;
}

interface Attempts {
  readonly outcome: Outcome;
  /** One of the attempts may have had an effect although no response confirmed it. */
  readonly unanswered: boolean;
}

async function ask(
  { gitlab, settings, report, signal, cutOff }: Registering,
  success: number,
  path: string,
  body: object,
): Promise<Attempts> {
  const request: Request = {
    method: "POST",
    path,
    body,
    timeoutMs: RESPONSE_TIMEOUT_MS,
    signal: cutOff,
  };
  let unanswered = false;
  const outcome = await retry({
    ask: async () => {
      const result = requireRunner(await gitlab(request), success);
      unanswered ||= mayHaveHappened(result);
      return result;
    },
    done: [success],
    signal,
    onWait: (result, ms) => {
      report(
        "waiting",
        `${settings.gitlabUrl}: ${result.message}; retrying in ${(ms / 1000).toFixed(1)} s`,
      );
    },
  });
  return { outcome, unanswered };
}

/** GitLab may still act on a request after a proxy has answered 502 or timed out. */
function mayHaveHappened(result: ApiResult): boolean {
  return result.kind === "no response" ? result.sent : result.status >= 500;
}

function conclude(
  { verdict, result }: Outcome,
  {
    asked,
    token,
    ownsRunner,
  }: { readonly asked: PendingRequest; readonly token?: string; readonly ownsRunner: boolean },
): Registration {
  if (verdict === "stopped") return { kind: "stopped", asked };
  const found = result.kind === "status" ? parseRunner(result.body) : undefined;
  if (verdict !== "done" || found === undefined) {
    const status = result.kind === "status" ? result.status : 0;
    return { kind: "refused", status, message: describeRejection(result) };
  }
  const runner = {
    id: found.id,
    token: token ?? found.token,
    obtainedAtMs: wallClockMs(),
    expiresAt: found.token_expires_at ?? null,
  };
  return { kind: "accepted", ownsRunner, runner };
}

function describeRejection(result: ApiResult): string {
  if (result.kind === "status" && isRedirect(result.status)) {
    return `${result.message}: set ${envOf("gitlabUrl")} to GitLab's own address`;
  }
  return result.message;
}

function buildRunnerInfo({ executor }: ReplicaSettings): object {
  return {
    name: "gitlab-runner",
    platform: "linux",
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    executor,
  };
}
