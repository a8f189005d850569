import { namedCapabilities } from "../types/capabilities";
import { boolean } from "../types/plain";
import type { Setting } from "../setting";

/** What the container of a replica may do. */
export const HARDENING_ROWS = {
  capAdd: {
    topic: "Hardening",
    type: namedCapabilities,
    scope: "pool",
    description:
      "Linux capabilities of a replica's container, in addition to the few that its executor needs. Job containers of the docker executor have their own: `docker.capAdd`. A change replaces all replicas.",
  },
  readOnlyRoot: {
    topic: "Hardening",
    type: boolean,
    scope: "pool",
    // Without a default in the table, because Pulumi would then set it for the shell executor, too.
    executor: "docker",
    description:
      "`false` makes the root file system of a replica's container writable. Job containers are not affected. Default: read-only with the docker executor; with the shell executor, it is always writable, because jobs use it. A change replaces all replicas.",
  },
} as const satisfies Record<string, Setting>;
