import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killVictim } from "../support/victims";
import type { Action } from "./plan";
import type { Subject } from "./subject";

/** Seconds after `pulumi up` until the old runner is deleted: its replicas may still run jobs. */
const DELETE_AFTER = 3;

/** Does to a pool what an action says. @throws Error if it does not work as promised */
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
        `# edit ${subject.edits}\n`,
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

/** A reset of the token would refuse the replicas at once; a new runner lets old ones go on until new ones are there. */
async function rotate(subject: Subject, deleteOld: boolean): Promise<void> {
  await untilBack(subject);
  const { gitlab, stack } = subject.pool;
  const old = subject.runners.at(-1) ?? 0;
  const { id, token } = await gitlab.createRunner({ runUntagged: true });
  subject.runners.push(id);
  await stack.configure({ token });
  await stack.mustUp();
  if (!deleteOld) return;
  await sleep(DELETE_AFTER * 1000);
  await gitlab.deleteRunner({ runnerId: old });
}

/**
 * Kills one replica of a pool at rest. Nobody can remove the manager of one that an update or a scaling takes away before it
 * is back, so that the next change waits for it.
 */
async function kill(
  subject: Subject,
  { victim, pick }: Extract<Action, { kind: "kill" }>,
): Promise<void> {
  const replicas = await subject.settle();
  const replica = replicas[Math.floor(pick * replicas.length)];
  if (replica === undefined) throw new Error("the pool has no replica");
  await killVictim(subject.pool.docker, replica.containerId, victim);
  subject.noteKill(victim, replica);
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
