import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killInReplica } from "../tests/support/kill-target";
import type { Action } from "./plan";
import type { Subject } from "./subject";

/** Delay between `pulumi up` and deleting the old runner, whose replicas may still run jobs. */
const DELETE_DELAY_SECONDS = 3;

/**
 * Performs an action on a pool.
 * @throws Error if it does not work as promised
 */
export async function act(subject: Subject, action: Action): Promise<void> {
  switch (action.kind) {
    case "scale":
      return scale(subject, action.replicas);
    case "update":
      return update(subject, action.what);
    case "rotate":
      return rotate(subject, action.deleteOld);
    case "kill":
      return kill(subject, action);
    case "fault":
      return fault(subject, action);
  }
}

async function scale(subject: Subject, replicas: number): Promise<void> {
  await untilBack(subject);
  await subject.pool.stack.configure({ replicas });
  subject.replicas = replicas;
  await subject.pool.stack.mustUp();
}

async function update(
  subject: Subject,
  what: Extract<Action, { kind: "update" }>["what"],
): Promise<void> {
  await untilBack(subject);
  const { stack } = subject.pool;
  subject.edits += 1;
  switch (what) {
    case "image":
      await appendFile(
        join(stack.folder, "runner-image/entrypoint.sh"),
        // The stack's name makes the images differ. Two pools that push the same image at the same
        // moment may confuse a registry.
        `# edit ${subject.edits} of ${stack.stack}\n`,
      );
      break;
    case "concurrent":
      subject.concurrent = subject.concurrent === 1 ? 2 : 1;
      await stack.configure({ concurrent: subject.concurrent });
      break;
    case "runnerName":
      await stack.configure({ runnerName: `soak-${subject.edits}-` });
  }
  await stack.mustUp();
}

/**
 * Rotates to the token of a new runner. If the old token were reset instead, GitLab would reject
 * the old replicas before new ones have replaced them.
 */
async function rotate(subject: Subject, deleteOld: boolean): Promise<void> {
  await untilBack(subject);
  const { gitlab, stack } = subject.pool;
  const old = subject.runners.at(-1) ?? 0;
  const { id, token } = await gitlab.createRunner({ runUntagged: true });
  subject.runners.push(id);
  await stack.configure({ token });
  await stack.mustUp();
  if (!deleteOld) return;
  await sleep(DELETE_DELAY_SECONDS * 1000);
  await gitlab.deleteRunner({ runnerId: old });
}

/**
 * Kills one replica of a settled pool. The next change waits until the replica is back: if an
 * update or a scale-down removed the replica before that, nobody could remove its manager.
 */
async function kill(
  subject: Subject,
  { target, pick }: Extract<Action, { kind: "kill" }>,
): Promise<void> {
  const replicas = await subject.settle();
  const replica = replicas[Math.floor(pick * replicas.length)];
  if (replica === undefined) throw new Error("the pool has no replica");
  await killInReplica(subject.pool.docker, replica.containerId, target);
  subject.recordKill(target, replica);
}

async function untilBack(subject: Subject): Promise<void> {
  if (subject.kills.some(({ back }) => !back)) await subject.settle();
}

async function fault(
  subject: Subject,
  { fault: what, seconds }: Extract<Action, { kind: "fault" }>,
): Promise<void> {
  const { gitlab } = subject.pool;
  const { id } = await gitlab.addFault(what);
  const end = async (): Promise<void> => {
    await sleep(seconds * 1000);
    subject.faults.push(...(await gitlab.faults()).filter((active) => active.id === id));
    await gitlab.clearFaults({ id });
  };
  subject.background.push(end());
}
