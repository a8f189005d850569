import type Docker from "dockerode";
import type { PendingOperation, Stack } from "./stack";

/** How to remove an object of the swarm by its name. Nothing happens if there is none. */
const removers: Readonly<Record<string, (docker: Docker, name: string) => Promise<void>>> = {
  "docker:index/service:Service": async (docker, name) => {
    const found = await docker.listServices({ filters: { name: [name] } });
    for (const { ID, Spec } of found) if (Spec?.Name === name) await docker.getService(ID).remove();
  },
  "docker:index/secret:Secret": async (docker, name) => {
    const found = await docker.listSecrets({ filters: { name: [name] } });
    for (const { ID, Spec } of found) if (Spec?.Name === name) await docker.getSecret(ID).remove();
  },
  "docker:index/network:Network": async (docker, name) => {
    const found = await docker.listNetworks({ filters: { name: [name] } });
    for (const { Id, Name } of found) if (Name === name) await docker.getNetwork(Id).remove();
  },
};

/**
 * Mends a stack after a command that was killed: what it was creating is removed, because Pulumi does not know whether
 * it came to be and would run into its name, and what it was changing is looked at again.
 * @returns true if there was something to mend
 */
export async function recoverStack(stack: Stack, docker: Docker): Promise<boolean> {
  const { pending } = await stack.inspect();
  if (pending.length === 0) return false;
  for (const { type, name } of halfMade(pending)) await removers[type]?.(docker, name);
  await stack.refresh();
  return true;
}

/** The objects with a name of their own that may have been created; the service first, as it uses the others. */
export function halfMade(
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
