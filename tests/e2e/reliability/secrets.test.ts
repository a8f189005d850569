import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { tickingScript } from "../../support/jobs";
import { dockerPlaces, layersHold, placesOf } from "../../support/places-of-secrets";
import { createPool, type PoolFixture } from "../../support/pool-fixture";
import { watchProcesses } from "../../support/process-watch";
import { imageOf, listContainers } from "../../support/swarm";

/** Supplies a pool with what it authenticates by. @returns the secrets */
const WAYS: readonly [string, (pool: PoolFixture) => Promise<readonly string[]>][] = [
  [
    "a supplied token",
    async ({ gitlab, stack }) => {
      const { token } = await gitlab.createRunner({ runUntagged: true });
      await stack.configure({ token });
      return [token];
    },
  ],
  [
    "a runner of its own",
    async ({ gitlab, stack }) => {
      const { token } = await gitlab.createPersonalAccessToken({});
      stack.env["GITLAB_TOKEN"] = token;
      await stack.configure({ runnerScope: "instance" });
      return [token];
    },
  ],
  [
    "a registration token",
    async ({ gitlab, stack }) => {
      const { token } = await gitlab.registrationToken({});
      await stack.configure({ token });
      return [token];
    },
  ],
];

describe("a secret of a pool", () => {
  it.each(WAYS)(
    "with %s stands in no environment, argument, label, layer, log, inspection, state, preview or output",
    async (_, supply) => {
      await using pool = await createPool({
        withoutToken: true,
        switches: { registrationAllowed: true },
        settings: { replicas: 1 },
      });
      const { stack, gitlab, docker } = pool;
      const secrets = [...(await supply(pool))];
      const watch = watchProcesses();
      const places = new Map<string, string>();
      places.set("pulumi preview --diff", await stack.diff());
      places.set("pulumi up", (await stack.mustUp("--diff")).output);
      const [replica] = await listContainers(docker, stack.serviceName);
      // One that GitLab gave out meanwhile is as secret.
      secrets.push(await tokenInside(replica?.Id ?? ""));

      const { id } = await gitlab.enqueueJob({ script: tickingScript(3) });
      await gitlab.waitForJob({ id, timeoutMs: 60_000 });
      for (const [place, text] of await dockerPlaces(pool)) places.set(place, text);
      places.set("log of the job", await gitlab.trace({ id }));
      places.set("state", await stack.state());
      places.set("outputs", JSON.stringify(await stack.outputs()));
      places.set("second preview", await stack.diff());
      const image = await imageOf(docker, stack.serviceName);
      places.set("pulumi destroy", (await stack.destroy()).output);

      const processes = await watch.end();
      for (const [container, lines] of processes) {
        places.set(`processes of ${container}`, [...lines].join("\n"));
      }
      const own = [...(processes.get(replica?.Id ?? "") ?? [])];
      for (const command of [/main\.js start/, /gitlab-runner run/, /main\.js stop/]) {
        expect(own).toContainEqual(expect.stringMatching(command));
      }
      for (const secret of secrets) {
        expect(placesOf(secret, places)).toEqual([]);
        expect(await layersHold(image, secret)).toBe(false);
      }
    },
  );
});

/** The token by which gitlab-runner asks for jobs. */
async function tokenInside(containerId: string): Promise<string> {
  const { stdout } = await execa("docker", [
    "exec",
    containerId,
    "cat",
    "/etc/gitlab-runner/config.toml",
  ]);
  const token = /^\s*token = "(.+)"$/m.exec(stdout)?.[1];
  if (token === undefined) throw new Error("config.toml holds no token");
  return token;
}
