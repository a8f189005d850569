import { imageReference } from "../../docker-syntax";
import { EXECUTORS } from "../../values";
import { oneOf } from "../types/plain";
import type { Setting } from "../setting";

/** How jobs run, whatever the executor. */
export const JOBS_ROWS = {
  jobImage: {
    topic: "Jobs",
    type: imageReference,
    env: "RUNNER_IMAGE",
    scope: "replica",
    default: "ubuntu:24.04",
    input: true,
    toml: "runners.docker.image",
    description:
      "Image of jobs that do not specify one. (The replicas' own image is built on `baseImage`.)",
  },
  executor: {
    topic: "Jobs",
    type: oneOf(EXECUTORS),
    scope: "replica",
    default: "docker",
    toml: "runners.executor",
    description:
      "`docker` runs each job in its own container. `shell` runs jobs inside the replica.",
  },
} as const satisfies Record<string, Setting>;
