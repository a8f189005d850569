import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { tickingScript } from "../../support/jobs";
import { createPool, managersSettle, type PoolFixture } from "../../support/pool-fixture";
import { containerLog } from "../../support/replica-lines";
import { formsOf } from "../../support/token-forms";
import { imageOf, listContainers, listTasks } from "../../support/swarm";

describe("the token", () => {
  it("stands in no environment, argument, label, layer, log, inspection, state, preview or output", async () => {
    await using pool = await createPool();
    const { stack, gitlab, docker } = pool;
    const places = new Map<string, string>();
    places.set("pulumi preview --diff", await stack.diff());
    places.set("pulumi up", (await stack.mustUp("--diff")).output);
    await managersSettle(pool, 2);
    const watch = watchProcesses(pool);
    const { id } = await gitlab.enqueueJob({
      script: tickingScript(3),
      image: pool.platform.images.job,
    });
    await gitlab.waitForJob({ id, timeoutMs: 60_000 });

    for (const { Id } of await listContainers(docker, stack.serviceName)) {
      places.set(
        `inspect of container ${Id}`,
        JSON.stringify(await docker.getContainer(Id).inspect()),
      );
      places.set(`log of ${Id}`, await containerLog(docker, Id));
    }
    for (const task of await listTasks(docker, stack.serviceName)) {
      places.set(
        `inspect of task ${task.id}`,
        JSON.stringify(await docker.getTask(task.id).inspect()),
      );
    }
    places.set(
      "inspect of the service",
      JSON.stringify(await docker.getService(stack.serviceName).inspect()),
    );
    const image = await imageOf(docker, stack.serviceName);
    places.set("history of the image", JSON.stringify(await docker.getImage(image).history()));
    places.set("inspect of the image", JSON.stringify(await docker.getImage(image).inspect()));
    places.set("state", await stack.state());
    places.set("outputs", JSON.stringify(await stack.outputs()));
    places.set("second preview", await stack.diff());
    await stack.configure({ replicas: 0 });
    places.set("pulumi up to 0", (await stack.mustUp("--diff")).output);
    await managersSettle(pool, 0);
    places.set("processes over their life", await watch.end());

    expect(places.get("processes over their life")).toContain("gitlab-runner");
    expect(places.get("processes over their life")).toContain("main.js");
    const found = [...places].flatMap(([place, text]) =>
      formsOf(pool.token).flatMap((form) => (text.includes(form) ? [place] : [])),
    );
    expect(found).toEqual([]);
    expect(await layersHold(image, pool.token)).toBe(false);
  });
});

/** Collects arguments and environments of all processes in the pool's containers while they live. */
function watchProcesses({ docker, stack }: PoolFixture): { end(): Promise<string> } {
  const seen = new Set<string>();
  let ended = false;
  const look = async (): Promise<void> => {
    while (!ended) {
      for (const { Id } of await listContainers(docker, stack.serviceName)) {
        const top = await execa("docker", ["top", Id, "-eo", "pid,args"], { reject: false });
        for (const line of top.stdout.split("\n").slice(1)) {
          seen.add(line.replace(/^\s*\d+\s+/, ""));
          const pid = /^\s*(\d+)/.exec(line)?.[1] ?? "";
          const environ = await execa("cat", [`/proc/${pid}/environ`], { reject: false });
          seen.add(environ.stdout);
        }
      }
    }
  };
  const looking = look();
  return {
    async end() {
      ended = true;
      await looking;
      return [...seen].join("\n");
    },
  };
}

/** Whether any file of any layer of an image holds a text. */
async function layersHold(image: string, text: string): Promise<boolean> {
  const save = execa("docker", ["save", image], { buffer: false });
  const search = execa("grep", ["--quiet", "--text", "--fixed-strings", text], {
    reject: false,
    ...(save.stdout && { input: save.stdout }),
  });
  return (await search).exitCode === 0;
}
