import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { warnInDemoShell } from "./stack/demo-shell";
import { bundleRunnerImage } from "./stack/bundle-runner-image";
import { createDockerProvider } from "./stack/docker-provider";
import { RunnerImage } from "./components/image/runner-image";
import { listJobLogins } from "./stack/job-logins";
import { buildStackOutputs } from "./stack/outputs";
import { nameArguments } from "./components/settings/argument-names";
import { RunnerPool } from "./components/pool/runner-pool";
import { loadSettings } from "./stack/load-settings";
import { formatRegistryAddress } from "./contract/settings/types/registry-address";
import type { StackPool } from "./stack/stack-settings";

const warning = warnInDemoShell();
if (warning !== undefined) void pulumi.log.warn(warning);

const settings = loadSettings();
const providers = [
  // Explicit, so both plugins start at once. A default provider starts with its first resource.
  new random.Provider("random"),
  createDockerProvider(
    "docker",
    settings.registry,
    [settings.pool, ...settings.additionalPools].flatMap(listJobLogins),
  ),
];

bundleRunnerImage(__dirname);
const runnerImage = new RunnerImage(
  "runner-image",
  {
    // The docker provider has the login of this user.
    registry: {
      address: formatRegistryAddress(settings.registry),
      username: settings.registry.username,
    },
    baseImage: settings.baseImage,
    nodeImage: settings.nodeImage,
  },
  { providers },
);
const createPool = ({ name, args, names }: StackPool) => {
  const all = { ...args, image: runnerImage.reference };
  return new RunnerPool(name, nameArguments(all, names), { providers });
};

export = buildStackOutputs(createPool(settings.pool), settings.additionalPools.map(createPool));
