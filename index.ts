import * as random from "@pulumi/random";
import { createDockerProvider } from "./components/docker/create-provider";
import { RunnerImage } from "./components/image/runner-image";
import { stackOutputs } from "./components/pool/pool-outputs";
import { RunnerPool } from "./components/pool/runner-pool";
import { loadSettings } from "./components/settings/load-settings";
import type { StackPool } from "./components/settings/stack-settings";

const settings = loadSettings();
const providers = [
  // Its plugin starts beside the other: by default it would with the first resource that needs it.
  new random.Provider("random"),
  createDockerProvider("docker", settings.registry),
];

const runnerImage = new RunnerImage(
  "runner-image",
  {
    registry: settings.registry,
    baseImage: settings.baseImage,
    nodeImage: settings.nodeImage,
    context: "runner-image",
    entrypoint: "src/main.ts",
    bundle: "dist/main.js",
  },
  { providers },
);
const createPool = ({ name, args }: StackPool) =>
  new RunnerPool(name, { ...args, image: runnerImage.reference }, { providers });

export = stackOutputs(createPool(settings.pool), settings.furtherPools.map(createPool));
