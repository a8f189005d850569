import type Docker from "dockerode";
import execa from "execa";

/** What of a replica is killed. */
export const VICTIMS = ["the container", "gitlab-runner", "the entrypoint"] as const;

export type Victim = (typeof VICTIMS)[number];

/** How the command lines of the processes in a replica's container begin. */
const COMMANDS = {
  "gitlab-runner": /^gitlab-runner run /,
  "the entrypoint": /^sh \S+\/entrypoint\.sh/,
} as const;

/** Kills a part of a replica with SIGKILL. */
export async function killVictim(
  docker: Docker,
  containerId: string,
  victim: Victim,
): Promise<void> {
  if (victim === "the container") {
    await docker.getContainer(containerId).kill({ signal: "SIGKILL" });
    return;
  }
  const { stdout } = await execa("docker", ["top", containerId, "-eo", "pid,args"]);
  const processes = [...stdout.matchAll(/^\s*(\d+)\s+(.*)$/gm)];
  const found = processes.find(([, , command = ""]) => COMMANDS[victim].test(command));
  if (found === undefined) throw new Error(`no process of ${victim} in:\n${stdout}`);
  process.kill(Number(found[1]), "SIGKILL");
}
