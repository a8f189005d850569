import { DAY_SECONDS, duration } from "../../duration";
import { MAX_CONCURRENT, MAX_DRAIN_TIMEOUT_SECONDS, MAX_REPLICAS, POOL_MODES } from "../../values";
import { mounts } from "../types/mounts";
import { integer, oneOf } from "../types/plain";
import type { Setting } from "../setting";

/** How many replicas run, and how they start and stop. */
export const REPLICAS_ROWS = {
  replicas: {
    topic: "Replicas and updates",
    type: integer(0, MAX_REPLICAS),
    scope: "pool",
    default: 2,
    input: true,
    anyValueCounts: true,
    description: `Number of replicas (0–${MAX_REPLICAS}). Rejected with \`mode\` global.`,
  },
  mode: {
    topic: "Replicas and updates",
    type: oneOf(POOL_MODES),
    scope: "pool",
    default: "replicated",
    description:
      "`global` runs one replica on each node instead of a fixed number of replicas. A change drains the pool and creates its service again.",
  },
  concurrent: {
    topic: "Replicas and updates",
    type: integer(1, MAX_CONCURRENT),
    scope: "replica",
    default: 1,
    toml: "concurrent",
    description: `Maximum number of concurrent jobs per replica (1–${MAX_CONCURRENT}).`,
  },
  drainTimeout: {
    topic: "Replicas and updates",
    type: duration(0, MAX_DRAIN_TIMEOUT_SECONDS),
    scope: "replica",
    default: "1h",
    description:
      "How long a stopping replica may take to finish its jobs; then it aborts them. A change replaces all replicas; the old ones drain with the old value.",
  },
  onlineTimeout: {
    topic: "Replicas and updates",
    type: duration(0, DAY_SECONDS),
    scope: "pool",
    default: "2m",
    description:
      "How long `pulumi up` waits for every replica to come online. `0s` disables the wait and the checks for changes made outside Pulumi.",
  },
  mounts: {
    topic: "Replicas and updates",
    type: mounts,
    scope: "pool",
    description:
      "Further mounts of the replicas' containers: `SOURCE:TARGET[:ro]`, or objects with `type` (`bind`, `volume` or `tmpfs`), `source`, `target`, `readOnly` and `size`. Jobs of the docker executor do not see them; theirs are in `docker.volumes`.",
  },
} as const satisfies Record<string, Setting>;
