import type Docker from "dockerode";
import execa from "execa";
import type { PoolFixture } from "./pool-fixture";
import { containerLog } from "./replica-lines";
import { readImage, listContainers, listTasks } from "./swarm";
import { listEncodings } from "../../contract/redact";

/** Texts that must not contain a secret, by description. */
export type Places = ReadonlyMap<string, string>;

/**
 * Returns Docker's data about a running pool: its service, tasks, containers with their logs, and
 * image.
 */
export async function dockerPlaces({
  docker,
  stack,
}: Pick<PoolFixture, "docker" | "stack">): Promise<Places> {
  const places = new Map<string, string>();
  const put = (place: string, value: unknown) => places.set(place, JSON.stringify(value));
  for (const { Id } of await listContainers(docker, stack.serviceName)) {
    put(`inspect of container ${Id}`, await docker.getContainer(Id).inspect());
    places.set(`log of container ${Id}`, await containerLog(docker, Id));
  }
  for (const { id } of await listTasks(docker, stack.serviceName)) {
    put(`inspect of task ${id}`, await docker.getTask(id).inspect());
  }
  put("inspect of the service", await docker.getService(stack.serviceName).inspect());
  const image = await readImage(docker, stack.serviceName);
  put("history of the image", await docker.getImage(image).history());
  put("inspect of the image", await docker.getImage(image).inspect());
  return places;
}

/** Lists the places that contain a secret in any form. */
export function findSecret(secret: string, places: Places): readonly string[] {
  const forms = listEncodings(secret);
  return [...places].flatMap(([place, text]) =>
    forms.some((form) => text.includes(form)) ? [place] : [],
  );
}

/** Whether a file in a layer of an image contains one of the secrets in any form. */
export async function layersHold(image: string, secrets: readonly string[]): Promise<boolean> {
  const save = execa("docker", ["save", image], { buffer: false });
  const patterns = secrets.flatMap(listEncodings).flatMap((form) => ["-e", form]);
  const search = execa("grep", ["--quiet", "--text", "--fixed-strings", ...patterns], {
    reject: false,
    ...(save.stdout && { input: save.stdout }),
  });
  return (await search).exitCode === 0;
}

/**
 * Lists the files in the engine's data folder that were written since `since` and contain one of
 * the secrets in any form: layers, volumes and logs of running and ended containers, images, and
 * everything else. It skips what the engine mounts, such as Swarm's secrets in memory, which is not
 * on disk.
 * @param since epoch milliseconds
 */
export async function findInEngineFiles(
  docker: Docker,
  secrets: readonly string[],
  since: number,
): Promise<readonly string[]> {
  const { DockerRootDir: root } = (await docker.info()) as { readonly DockerRootDir: string };
  const newer = ["-newerct", `@${Math.floor(since / 1000)}`];
  // Skips pipes, because reading one blocks forever.
  const find = execa("find", [root, "-xdev", "-type", "f", ...newer, "-print0"], { buffer: false });
  const patterns = secrets.flatMap(listEncodings).flatMap((form) => ["-e", form]);
  const grep = ["grep", "--files-with-matches", "--no-messages", "--text", "--fixed-strings"];
  const { stdout } = await execa("xargs", ["--null", "--no-run-if-empty", ...grep, ...patterns], {
    reject: false,
    ...(find.stdout && { input: find.stdout }),
  });
  return stdout.split("\n").filter((line) => line !== "");
}
