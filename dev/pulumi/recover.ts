import type Docker from "dockerode";
import type { PendingOperation, Stack } from "./stack";

/**
 * How to remove a swarm object by its name. The service comes first, because it uses the others.
 * Does nothing if the object does not exist.
 */
export const removers: Readonly<Record<string, (docker: Docker, name: string) => Promise<void>>> = {
  "docker:index/service:Service": async (docker, name) => {
    const found = await docker.listServices({ filters: { name: [name] } });
    for (const { ID, Spec } of found) if (Spec?.Name === name) await docker.getService(ID).remove();
  },
  "docker:index/secret:Secret": async (docker, name) => {
    const found = await docker.listSecrets({ filters: { name: [name] } });
    for (const { ID, Spec } of found) if (Spec?.Name === name) await docker.getSecret(ID).remove();
  },
  "docker:index/serviceConfig:ServiceConfig": async (docker, name) => {
    const found = await docker.listConfigs({ filters: { name: [name] } });
    for (const { ID, Spec } of found) if (Spec?.Name === name) await docker.getConfig(ID).remove();
  },
  "docker:index/network:Network": async (docker, name) => {
    const found = await docker.listNetworks({ filters: { name: [name] } });
    for (const { Id, Name } of found) if (Name === name) await docker.getNetwork(Id).remove();
  },
};

/**
 * Repairs a stack after a command was killed. Removes what the command was creating, because Pulumi
 * does not know whether it exists and would fail on its name. Refreshes what the command was
 * changing.
 * @returns true if the stack needed a repair
 */
export async function recoverStack(stack: Stack, docker: Docker): Promise<boolean> {
  const { pending } = await stack.inspect();
  if (pending.length === 0) return false;
  for (const { type, name } of halfMade(pending)) await removers[type]?.(docker, name);
  await stack.refresh();
  return true;
}

/**
 * The named objects that the command may have created. The service comes first, because it uses the
 * others.
 */
function halfMade(
  pending: readonly PendingOperation[],
): { readonly type: string; readonly name: string }[] {
  const types = Object.keys(removers);
  return pending
    .flatMap(({ operation, type, name }) =>
      operation === "creating" && name !== undefined && types.includes(type)
        ? [{ type, name }]
        : [],
    )
    .sort((a, b) => types.indexOf(a.type) - types.indexOf(b.type));
}
