import { setTimeout as sleep } from "node:timers/promises";
import { PREFIX, type Bench } from "../bench";
import { removeNetwork } from "./networks";

const STOP_MS = 1_000;

/**
 * Removes from the engine what earlier runs left behind, including killed ones. Their objects are
 * recognized by the prefix.
 */
export async function removeLeftovers(bench: Bench): Promise<void> {
  const { docker } = bench;
  const ours = (name: string | undefined): name is string =>
    new RegExp(`^/?(?:${PREFIX}-|gitlab-runner-pool-${PREFIX}\\b)`).test(name ?? "");

  const services = (await docker.listServices()).filter(({ Spec }) => ours(Spec?.Name));
  for (const { ID } of services) await docker.getService(ID).remove();
  if (services.length > 0) await sleep(STOP_MS);

  const containers = await docker.listContainers({ all: true });
  for (const { Id, Names } of containers) {
    if (ours(Names[0])) await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { ID, Spec } of await docker.listSecrets()) {
    if (ours(Spec?.Name)) await docker.getSecret(ID).remove();
  }
  for (const { Id, RepoTags } of await docker.listImages()) {
    const names = (RepoTags ?? []).map((tag) => tag.replace(/^.*\//, ""));
    if (names.some(ours)) await docker.getImage(Id).remove({ force: true });
  }
  for (const { Name } of await docker.listNetworks()) {
    if (ours(Name)) await removeNetwork(bench, Name);
  }
}
