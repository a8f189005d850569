import { volumes } from "../../docker-syntax";
import type { Setting } from "../setting";
import { cacheDir } from "../types/cache-dir";
import { containerLabels, logOptions } from "../types/container-labels";
import { durationOrNone } from "../types/duration-or-none";
import { boolean, integer } from "../types/plain";
import { services } from "../types/services";

const HOUR_SECONDS = 3_600;

/** The docker executor: services and containers. */
export const DOCKER_SERVICES_ROWS = {
  "docker.services": {
    topic: "Docker executor: services and containers",
    type: services,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.services",
    description:
      "Services that run beside every job: a list of objects with `name` (the image), `alias`, `command`, `entrypoint` and `environment`.",
  },
  "docker.servicesLimit": {
    topic: "Docker executor: services and containers",
    type: integer(-1, 50),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.services_limit",
    description:
      "Maximum number of services of a job (-1 to 50), including those of `docker.services`. Default: `-1`, without a limit.",
  },
  "docker.waitForServicesTimeout": {
    topic: "Docker executor: services and containers",
    type: durationOrNone(1, HOUR_SECONDS),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.wait_for_services_timeout",
    description:
      "How long a job waits for its services, at most `1h`. `-1` turns the wait off. Default: `30s`.",
  },
  "docker.volumes": {
    topic: "Docker executor: services and containers",
    type: volumes,
    scope: "replica",
    default: "/cache",
    executor: "docker",
    toml: "runners.docker.volumes",
    description: "Volumes of job containers: `PATH` or `SOURCE:PATH[:MODE]`.",
  },
  "docker.disableCache": {
    topic: "Docker executor: services and containers",
    type: boolean,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.disable_cache",
    description:
      "Give each job new volumes instead of those of earlier jobs, and remove them after the job. Volumes of the form `SOURCE:PATH` and caches in object storage are not affected. Default: `false`.",
  },
  "docker.cacheDir": {
    topic: "Docker executor: services and containers",
    type: cacheDir,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.cache_dir",
    description:
      "Folder on the node for what jobs keep in volumes of the form `PATH`, such as their caches. Replicas do not share them, and an update of the pool begins with empty ones. Default: Docker volumes.",
  },
  "docker.tidy": {
    topic: "Docker executor: services and containers",
    type: boolean,
    scope: "replica",
    executor: "docker",
    description:
      "Remove the volumes of a replica's jobs when the replica drains, and what earlier replicas of the pool left on the engine ([details](replica.md#what-earlier-replicas-left)). Default: `true`.",
  },
  "docker.containerLabels": {
    topic: "Docker executor: services and containers",
    type: containerLabels,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.container_labels",
    description:
      "Labels of the containers of jobs and services. Values may contain variables of the job.",
  },
  "docker.logOptions": {
    topic: "Docker executor: services and containers",
    type: logOptions,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.log_options",
    description:
      "Options `env` and `labels` of Docker's log driver `json-file` for the containers of jobs and services.",
  },
} as const satisfies Record<string, Setting>;
