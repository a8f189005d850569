import execa from "execa";
import type { PoolFixture } from "./pool-fixture";
import { containerLog } from "./replica-lines";
import { imageOf, listContainers, listTasks } from "./swarm";
import { formsOf } from "./token-forms";

/** Texts in which a secret must not stand, by what they are. */
export type Places = ReadonlyMap<string, string>;

/** What Docker tells of a pool that is up: its service, tasks, containers with their logs, and image. */
export async function dockerPlaces({ docker, stack }: PoolFixture): Promise<Places> {
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
  const image = await imageOf(docker, stack.serviceName);
  put("history of the image", await docker.getImage(image).history());
  put("inspect of the image", await docker.getImage(image).inspect());
  return places;
}

/** The places where a secret stands in any form. */
export function placesOf(secret: string, places: Places): readonly string[] {
  const forms = formsOf(secret);
  return [...places].flatMap(([place, text]) =>
    forms.some((form) => text.includes(form)) ? [place] : [],
  );
}

/** Whether any file of any layer of an image holds a secret in any form. */
export async function layersHold(image: string, secret: string): Promise<boolean> {
  const save = execa("docker", ["save", image], { buffer: false });
  const patterns = formsOf(secret).flatMap((form) => ["-e", form]);
  const search = execa("grep", ["--quiet", "--text", "--fixed-strings", ...patterns], {
    reject: false,
    ...(save.stdout && { input: save.stdout }),
  });
  return (await search).exitCode === 0;
}
