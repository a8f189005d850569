import { EXIT, type ExitCode } from "../../contract/exit-codes";
import { DRAIN_HEADROOM } from "../../contract/service";
import { remove } from "./files";
import { hold, HOLD_MS } from "./hold";
import { onHurry } from "./hurry";
import type { Say } from "./log";
import type { ReplicaPaths } from "./paths";
import type { ReplicaState } from "./replica-state";
import { unregister } from "./unregister";

/**
 * Takes the replica off GitLab after gitlab-runner ended by itself.
 * @param code gitlab-runner's exit code
 * @returns that it has done so; the replica's exit code is gitlab-runner's
 */
export async function leave(
  paths: ReplicaPaths,
  state: ReplicaState,
  code: number,
  say: Say,
): Promise<ExitCode> {
  const hurried = new AbortController();
  onHurry(paths, () => {
    hurried.abort();
  });
  const { signal } = hurried;
  remove(paths.online);
  say("warning", `gitlab-runner ended by itself with code ${code}`);
  const deadline = Date.now() + (DRAIN_HEADROOM / 2) * 1000;
  await unregister({ state, paths, say, deadline, signal });
  await hold(say, signal, state.acceptedAt + HOLD_MS - Date.now());
  return EXIT.ok;
}
