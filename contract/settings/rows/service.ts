import type { Setting } from "../setting";
import { logDriverName, logDriverOptions } from "../types/log-driver";
import { serviceLabels } from "../types/service-labels";

/** The swarm service of a pool. */
export const SERVICE_ROWS = {
  "logDriver.name": {
    topic: "Swarm service",
    type: logDriverName,
    scope: "pool",
    description:
      "Docker's driver for the log of the replicas, such as `local` or `journald`, or a plugin, such as `vendor/plugin:tag`. `none` is rejected. Default: the default of each node's engine.",
  },
  "logDriver.options": {
    topic: "Swarm service",
    type: logDriverOptions,
    scope: "pool",
    description: "Options of the log driver, such as `max-size`. They must not contain secrets.",
  },
  serviceLabels: {
    topic: "Swarm service",
    type: serviceLabels,
    scope: "pool",
    description:
      "Labels of the swarm service. A change restarts no replica. `labels` are the labels of the runner managers in GitLab.",
  },
} as const satisfies Record<string, Setting>;
