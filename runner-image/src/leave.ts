import { DRAIN_HEADROOM } from "../../contract/service";
import { remove } from "./files";
import type { Say } from "./log";
import type { ReplicaPaths } from "./paths";
import type { ReplicaState } from "./replica-state";
import { hold, HOLD_MS } from "./start";
import { unregister } from "./unregister";

/**
 * Takes the replica off GitLab after gitlab-runner ended by itself.
 * @param code gitlab-runner's exit code
 * @returns the replica's exit code: the same
 */
export async function leave(
  paths: ReplicaPaths,
  state: ReplicaState,
  code: number,
  say: Say,
): Promise<number> {
  const hurried = new AbortController();
  process.on("SIGQUIT", () => {
    hurried.abort();
  });
  remove(paths.online);
  say("warning", `gitlab-runner ended by itself with code ${code}`);
  await unregister({
    state,
    certificates: paths.certificates,
    say,
    deadline: Date.now() + (DRAIN_HEADROOM / 2) * 1000,
    signal: hurried.signal,
  });
  const left = state.acceptedAt + HOLD_MS - Date.now();
  if (left > 0 && !hurried.signal.aborted) await hold(say, hurried.signal, left);
  return code;
}
