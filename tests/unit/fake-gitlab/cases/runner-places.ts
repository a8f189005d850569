import { OF_GROUP, OF_PROJECT, type World } from "./world";

type Headers = Awaited<ReturnType<World["token"]>>;

/** One runner of each kind, and of a group below: 1 instance, 2 group, 3 project, 4 group below. */
export async function fill(gitlab: World): Promise<void> {
  const below = await gitlab.controls.createGroup({ path: "ci/below" });
  await gitlab.controls.createRunner({ tags: ["lt1"] });
  await gitlab.controls.createRunner({ ...OF_GROUP, tags: ["lt1", "lt2"], paused: true });
  await gitlab.controls.createRunner(OF_PROJECT);
  await gitlab.controls.createRunner({ type: "group_type", groupId: below.id });
}

/** Numbers of the runners in a list, or the status if it is none. */
export async function ids(gitlab: World, path: string, headers?: Headers): Promise<unknown> {
  const [status, body] = await gitlab.ask(
    `GET ${path}`,
    undefined,
    headers ?? (await gitlab.token()),
  );
  return status === 200 ? (body as readonly { id: number }[]).map(({ id }) => id) : status;
}
