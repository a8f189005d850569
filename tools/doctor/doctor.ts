import type { EngineLocation } from "../../docker-engine/address";
import type { EngineApi } from "../../docker-engine/api";
import { checkBaseImage } from "./checks/base-image";
import { checkEngine } from "./checks/engine";
import { checkGitlab } from "./checks/gitlab";
import { checkJobEngines, hasJobEngine } from "./checks/job-engine";
import { checkJobRegistries, hasJobRegistries } from "./checks/job-registries";
import { checkNetworks } from "./checks/network";
import { checkRegistry } from "./checks/registry";
import { comparePlacement } from "./checks/placement";
import { checkResources } from "./checks/resources";
import { checkSettings } from "./checks/settings";
import { checkSwarm } from "./checks/swarm";
import { checkTokens } from "./checks/token";
import { checkVersions } from "./checks/versions";
import { readFreeDisk } from "./free-disk";
import type { RegistryTransport } from "../../components/registry/transport";
import type { StackConfig } from "./stack/read-stack";
import type { Steps } from "./steps";

/** Everything that the checks reach. Tests replace it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStack: () => Promise<StackConfig | { readonly problem: string }>;
  readonly readPulumiVersion: () => Promise<string | undefined>;
  /** Such as `20.20.2`. */
  readonly nodeVersion: string;
  /** The host name of this machine. */
  readonly machineName: string;
  readonly locateEngine: () => EngineLocation;
  readonly engine: Pick<EngineApi, "get">;
  readonly registry: RegistryTransport;
}

/** Runs all checks in order. A check that depends on a failed one is skipped. */
export async function diagnose(steps: Steps, around: Surroundings): Promise<void> {
  const { env, engine: api } = around;
  const settings = await steps.run("settings", {}, async (_, waitFor) => {
    waitFor("`pulumi config` to print the stack config");
    return checkSettings(await around.readStack(), env);
  });
  const engine = await steps.run("engine", {}, (_, waitFor) => {
    waitFor("the Docker engine to report its version");
    return checkEngine(around.locateEngine, api);
  });
  const swarm = await steps.run("swarm", { engine }, (_, waitFor) => {
    waitFor("the Docker engine to list the nodes");
    return checkSwarm(api);
  });
  // By default, jobs run on the engines of the nodes.
  if (settings.value !== undefined && hasJobEngine(settings.value)) {
    const { machineName } = around;
    const place = { machineName, location: engine.value?.location, swarm: swarm.value };
    await steps.run("job engine", { settings }, (values, waitFor) =>
      checkJobEngines(values.settings, place, waitFor),
    );
  }
  await steps.run("registry", { settings }, ({ settings: { registry } }, waitFor) =>
    checkRegistry(registry, around.registry, env, waitFor),
  );
  if (settings.value !== undefined && hasJobRegistries(settings.value)) {
    await steps.run("job registries", { settings }, (values, waitFor) =>
      checkJobRegistries(values.settings, around.registry, waitFor),
    );
  }
  await steps.run("base image", { settings, engine }, (values, waitFor) =>
    checkBaseImage(values.settings, api, env, waitFor),
  );
  const gitlab = await steps.run("GitLab", { settings }, (values, waitFor) =>
    checkGitlab(values.settings, env, waitFor),
  );
  await steps.run("token", { settings, gitlab }, (values, waitFor) =>
    checkTokens(values.settings, env, waitFor),
  );
  await steps.run("network", { settings, engine, swarm }, (values, waitFor) => {
    waitFor("the Docker engine to list the networks");
    return checkNetworks(values.settings, api);
  });
  await steps.run("node resources", { settings, engine, swarm }, async (values, waitFor) => {
    waitFor("the disk of the Docker engine");
    const { info, nodes, allNodes } = values.swarm;
    const diskBytes = await readFreeDisk(values.engine.location.address, info.rootFolder);
    waitFor("the Docker engine to list the services and their tasks");
    const placement = await comparePlacement(values.settings, allNodes, api);
    return checkResources(values.settings, { nodes, diskBytes, placement });
  });
  await steps.run("versions", {}, async (_, waitFor) => {
    waitFor("`pulumi version`");
    return checkVersions({
      node: around.nodeVersion,
      pulumi: await around.readPulumiVersion(),
      engineApi: engine.value?.apiVersion,
      baseImage: settings.value?.baseImage,
      gitlab: gitlab.value ?? new Map(),
    });
  });
}
