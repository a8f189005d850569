import type Docker from "dockerode";
import execa from "execa";

/** The part of a replica that is killed. */
export const KILL_TARGETS = ["the container", "gitlab-runner", "the entrypoint"] as const;

export type KillTarget = (typeof KILL_TARGETS)[number];

/** Matches the command lines of the processes in a replica's container. */
const COMMANDS = {
  "gitlab-runner": /^gitlab-runner run /,
  "the entrypoint": /^sh \S+\/entrypoint\.sh/,
} as const;

/** Kills a part of a replica with SIGKILL. */
export async function killInReplica(
  docker: Docker,
  containerId: string,
  target: KillTarget,
): Promise<void> {
  if (target === "the container") {
    await docker.getContainer(containerId).kill({ signal: "SIGKILL" });
    return;
  }
  const { stdout } = await execa("docker", ["top", containerId, "-eo", "pid,args"]);
  const processes = [...stdout.matchAll(/^\s*(\d+)\s+(.*)$/gm)];
  const found = processes.find(([, , command = ""]) => COMMANDS[target].test(command));
  if (found === undefined) throw new Error(`no process for ${target} in:\n${stdout}`);
  process.kill(Number(found[1]), "SIGKILL");
}
