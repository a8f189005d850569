import { formatOnlineMessage } from "../../../contract/online-message";
import { tryToRemove, writePrivate } from "../system/files";
import { connectGitlab, type Gitlab } from "../gitlab/client";
import type { Report } from "../log";
import type { ReplicaPaths } from "../system/paths";
import type { StateFile } from "../system/state-file";
import { RunnerProcess } from "../gitlab-runner/process";
import { endAfterJobs, findTrouble } from "./trouble";

/** What watch.sh has read from gitlab-runner's metrics. */
export interface Watching {
  readonly paths: Pick<ReplicaPaths, "online" | "certificates">;
  readonly state: StateFile;
  readonly runner: RunnerProcess;
  readonly report: Report;
  /** The state that the replica reported last. */
  readonly reported: Reported;
  /** Job requests succeed again, fail, or get no response. */
  readonly seen: (typeof SEEN)[number];
  /** Statuses of recent job requests that failed. */
  readonly statuses: readonly number[];
  /** @default the GitLab in the settings */
  readonly gitlab?: Gitlab;
}

const REPORTED = ["online", "refused", "waiting"] as const;

/** The states that a replica reports while gitlab-runner runs. */
export type Reported = (typeof REPORTED)[number];

const SEEN = ["served", "bad", "quiet"] as const;

/** Parses the first arguments of watch.sh. @throws Error if they are unknown */
export function readReported([pid, word]: readonly string[]): Pick<
  Watching,
  "runner" | "reported"
> {
  const reported = REPORTED.find((it) => it === word);
  if (reported === undefined) throw new Error(`unknown state: ${word ?? ""}`);
  return { runner: new RunnerProcess(Number(pid)), reported };
}

/** Parses the arguments of watch.sh. @throws Error if they are unknown */
export function readSeen(
  words: readonly string[],
): Pick<Watching, "runner" | "reported" | "seen" | "statuses"> {
  const seen = SEEN.find((it) => it === words[2]);
  if (seen === undefined) throw new Error(`unknown: ${words.join(" ")}`);
  return { ...readReported(words), seen, statuses: words.slice(3).map(Number) };
}

/** Exit codes for watch.sh: the state that the replica has reported, or nothing left to watch. */
export const WATCH_EXIT = { online: 0, refused: 10, waiting: 11, ended: 12 } as const;

export type WatchExit = (typeof WATCH_EXIT)[keyof typeof WATCH_EXIT];

/**
 * Reports whether GitLab still accepts the replica, if that has changed. A replica that GitLab
 * rejects becomes unhealthy, so that Swarm replaces it. A replica that GitLab does not answer stays
 * healthy, because a replacement would not fare better.
 */
export async function watch(context: Watching): Promise<WatchExit> {
  const { paths, state, runner, report, reported, seen, statuses } = context;
  if (seen === "served") {
    writePrivate(paths.online, "");
    if (reported !== "online") report("online", formatOnlineMessage(state));
    return WATCH_EXIT.online;
  }
  const gitlab = context.gitlab ?? connectGitlab(state.gitlabUrl, paths.certificates);
  const { kind, message, mustEnd } = await findTrouble(gitlab, state, statuses);
  // A job request may have succeeded in the meantime. watch.sh will see that.
  if (kind === "none") return WATCH_EXIT[reported];
  if (kind === "refused") tryToRemove(paths.online);
  if (kind !== reported) report(kind, message);
  if (!mustEnd) return WATCH_EXIT[kind];
  await endAfterJobs(runner, state);
  return WATCH_EXIT.ended;
}
