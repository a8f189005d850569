import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { RUN_FOLDER } from "../../../contract/replica-paths";
import { eventually } from "../../support/eventually";
import { tickingScript } from "../../support/jobs";
import {
  dockerPlaces,
  findInEngineFiles,
  layersHold,
  findSecret,
} from "../../support/places-of-secrets";
import { makeEngineCertificates } from "../../support/engine-certificates";
import { forwardTo, listenOnTcp } from "../../support/engine-proxy";
import { makeSecretSettings } from "../../support/secret-settings";
import { createPool, type PoolFixture } from "../../support/pool-fixture";
import { watchProcesses } from "../../support/process-watch";
import { readImage, listContainers } from "../../support/swarm";

/**
 * The ways to authenticate a pool. Each configures the pool and returns the secrets. The pool also
 * has all other secret settings, with one kind of cache.
 */
const CREDENTIALS: readonly [
  string,
  Parameters<typeof makeSecretSettings>[0],
  (pool: PoolFixture) => Promise<readonly string[]>,
][] = [
  [
    "a supplied token",
    "s3",
    async ({ gitlab, stack }) => {
      const { token } = await gitlab.createRunner({ runUntagged: true });
      await stack.configure({ token });
      return [token];
    },
  ],
  [
    "a runner that the pool creates",
    "gcs",
    async ({ gitlab, stack }) => {
      const { token } = await gitlab.createPersonalAccessToken({});
      stack.env["GITLAB_TOKEN"] = token;
      await stack.configure({ runnerScope: "instance" });
      return [token];
    },
  ],
  [
    "a registration token",
    "azure",
    async ({ gitlab, stack }) => {
      const { token } = await gitlab.registrationToken({});
      await stack.configure({ token });
      return [token];
    },
  ],
];

describe("the secrets of a pool", () => {
  it.each(CREDENTIALS)(
    "are in no environment, argument, label, layer, log, inspection, state, preview, output or engine file: %s, and a cache of type %s",
    async (_, cache, configure) => {
      await using pool = await createPool({
        withoutToken: true,
        switches: { registrationAllowed: true },
        settings: { replicas: 1 },
      });
      const { stack, gitlab, docker, platform } = pool;
      const { server, ...certificates } = await makeEngineCertificates(platform.hostAddress);
      await using engine = await listenOnTcp(
        platform.hostAddress,
        forwardTo(platform.dockerHost.slice("unix://".length)),
        { ca: certificates.ca, ...server, requestCert: true },
      );
      const others = makeSecretSettings(cache, { host: engine.host, ...certificates });
      await stack.configure(others.settings);
      const secrets = [...(await configure(pool)), ...others.secrets];
      const since = Date.now();
      const watch = watchProcesses();
      const places = new Map<string, string>();
      places.set("pulumi preview --diff", await stack.diff());
      places.set("pulumi up", (await stack.mustUp("--diff")).output);
      const [replica] = await listContainers(docker, stack.serviceName);
      // The token that GitLab issued for the runner is a secret, too.
      secrets.push(await readRunnerToken(replica?.Id ?? ""));

      const { id } = await gitlab.enqueueJob({ script: tickingScript(3) });
      await gitlab.waitForJob({ id, timeoutMs: 60_000 });
      for (const [place, text] of await dockerPlaces(pool)) places.set(place, text);
      places.set("log of the job", await gitlab.trace({ id }));
      places.set("state", await stack.state());
      places.set("outputs", JSON.stringify(await stack.outputs()));
      places.set("second preview", await stack.diff());
      const image = await readImage(docker, stack.serviceName);
      // Proves that the search works: the engine's files contain the service name.
      expect(await findInEngineFiles(docker, [stack.serviceName], since)).not.toEqual([]);
      const onDisk = () => findInEngineFiles(docker, secrets, since);
      expect(await onDisk()).toEqual([]);
      // Swarm keeps the ended container and starts another container.
      const ended = docker.getContainer(replica?.Id ?? "");
      await ended.stop({ t: 60 });
      expect((await ended.inspect()).State).toMatchObject({ Status: "exited", ExitCode: 0 });
      expect(await onDisk()).toEqual([]);
      // A killed replica cannot clean up.
      const killed = (await untilRunning(pool)).Id;
      await docker.getContainer(killed).kill({ signal: "SIGKILL" });
      await eventually(async () => !(await docker.getContainer(killed).inspect()).State.Running, {
        what: "the killed replica to end",
        timeoutMs: 30_000,
      });
      expect(await onDisk()).toEqual([]);
      places.set("pulumi destroy", (await stack.destroy()).output);

      const processes = await watch.end();
      const own = [...(processes.get(replica?.Id ?? "") ?? [])];
      places.set("processes of the replica", own.join("\n"));
      for (const secret of others.jobSecrets) expect(findSecret(secret, places)).toEqual([]);
      for (const [container, lines] of processes) {
        places.set(`processes of ${container}`, [...lines].join("\n"));
      }
      for (const command of [/main\.js start/, /gitlab-runner run/, /main\.js stop/]) {
        expect(own).toContainEqual(expect.stringMatching(command));
      }
      for (const secret of secrets) expect(findSecret(secret, places)).toEqual([]);
      expect(await layersHold(image, [...secrets, ...others.jobSecrets])).toBe(false);
    },
  );
});

/** Waits for the replica that replaces the ended one, and for its files. */
async function untilRunning({ docker, stack }: PoolFixture): Promise<{ readonly Id: string }> {
  const find = async () => {
    const running = (await listContainers(docker, stack.serviceName)).find(
      ({ State }) => State === "running",
    );
    return running !== undefined && (await hasConfig(running.Id)) ? running : undefined;
  };
  let found: { readonly Id: string } | undefined;
  await eventually(async () => (found = await find()) !== undefined, {
    what: "another replica to write its configuration",
    timeoutMs: 90_000,
  });
  return found ?? { Id: "" };
}

async function hasConfig(containerId: string): Promise<boolean> {
  const test = ["exec", containerId, "test", "-f", `${RUN_FOLDER}/config.toml`];
  return (await execa("docker", test, { reject: false })).exitCode === 0;
}

/** Reads the token with which gitlab-runner requests jobs. */
async function readRunnerToken(containerId: string): Promise<string> {
  const { stdout } = await execa("docker", [
    "exec",
    containerId,
    "cat",
    `${RUN_FOLDER}/config.toml`,
  ]);
  const token = /^\s*token = "(.+)"$/m.exec(stdout)?.[1];
  if (token === undefined) throw new Error("config.toml contains no token");
  return token;
}
