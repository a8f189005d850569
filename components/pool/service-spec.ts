import { createHash } from "node:crypto";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { ONLINE_FILE, TOKEN_FILE } from "../../contract/paths";
import { REPLICA_ENV, SETTINGS_ENV } from "../../contract/replica-env";
import { DRAIN_HEADROOM } from "../../contract/service";
import type { PoolSettings } from "../settings/pool-settings";
import { goDuration } from "./go-duration";
import { replicaVariables } from "./replica-env";

/** What the service of a pool is made from, beside its settings. */
export interface ServiceParts {
  readonly serviceName: string;
  readonly image: pulumi.Input<string>;
  readonly networkId: pulumi.Input<string>;
  readonly secretId: pulumi.Input<string>;
  readonly secretName: pulumi.Input<string>;
  readonly replicas: pulumi.Input<number>;
}

/**
 * The kernel's own value. Without any sysctl the first update after the service was made would show one more change,
 * `+ sysctl`, since the provider tells no map from an empty one. Another value here would replace every service.
 */
const KERNEL_DEFAULT = { "net.ipv4.tcp_keepalive_time": "7200" };

const DOCKER_SOCKET = "/var/run/docker.sock";

/** Seconds before a replica that ended is started again; one that GitLab refuses holds on for a minute before it ends. */
const RESTART_DELAY = 5;

/**
 * The service of a pool, and its generation. All that the provider would otherwise compare with a default of its own is
 * written out.
 */
export function serviceArgs(
  settings: PoolSettings,
  parts: ServiceParts,
): { readonly args: docker.ServiceArgs; readonly generation: pulumi.Output<string> } {
  const variables = replicaVariables(settings);
  const spec = serviceSpec(settings, parts);
  const generation = generationOf({ spec, variables });
  const env = {
    [SETTINGS_ENV]: generation.apply((value) =>
      JSON.stringify({ ...variables, [REPLICA_ENV.generation]: value }),
    ),
  };
  const args = {
    ...spec,
    taskSpec: { ...spec.taskSpec, containerSpec: { ...spec.taskSpec.containerSpec, env } },
    mode: { replicated: { replicas: parts.replicas } },
  };
  return { args, generation };
}

/** A hash of a spec. Replicas of one slot have the same system ID exactly as long as it stays the same. */
function generationOf(spec: object): pulumi.Output<string> {
  const hash = pulumi
    .jsonStringify(spec)
    .apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 12));
  return pulumi.runtime.isDryRun() ? knownInPreview(hash, "new") : hash;
}

/**
 * A word in the place of a value that a preview cannot know yet. Settings stand in one text with the generation: where that is unknown,
 * because the image or the token is a new one, the diff would not show what else changes.
 */
function knownInPreview(value: pulumi.Output<string>, word: string): pulumi.Output<string> {
  // The SDK has this property on every output; only its types leave it out.
  const { isKnown } = value as unknown as { readonly isKnown: Promise<boolean> };
  return pulumi.output(isKnown.then((known) => (known ? value : pulumi.output(word))));
}

function serviceSpec(settings: PoolSettings, parts: ServiceParts) {
  return {
    name: parts.serviceName,
    taskSpec: {
      containerSpec: containerSpec(settings, parts),
      networksAdvanceds: [{ id: parts.networkId }],
      restartPolicy: {
        condition: "any",
        delay: goDuration(RESTART_DELAY),
        maxAttempts: 0,
        window: goDuration(0),
      },
      forceUpdate: 0,
      runtime: "container",
    },
    endpointSpec: { mode: "dnsrr" },
    updateConfig: {
      // All at once, the new replica of a slot before its old one goes: drains of an hour do not add up.
      parallelism: 0,
      order: "start-first",
      failureAction: "rollback",
      delay: goDuration(0),
      monitor: goDuration(5),
      maxFailureRatio: "0.0",
    },
    rollbackConfig: {
      parallelism: 0,
      order: "start-first",
      failureAction: "pause",
      delay: goDuration(0),
      monitor: goDuration(5),
      maxFailureRatio: "0.0",
    },
  };
}

function containerSpec(settings: PoolSettings, parts: ServiceParts) {
  return {
    image: parts.image,
    secrets: [
      {
        secretId: parts.secretId,
        secretName: parts.secretName,
        fileName: TOKEN_FILE,
        fileUid: "0",
        fileGid: "0",
        fileMode: 0o400,
      },
    ],
    mounts:
      settings.executor === "docker"
        ? [{ type: "bind", source: DOCKER_SOCKET, target: DOCKER_SOCKET, readOnly: false }]
        : [],
    // Swarm may send it twice, and a second SIGTERM would abort the jobs.
    stopSignal: "SIGQUIT",
    stopGracePeriod: goDuration(settings.drainTimeout + DRAIN_HEADROOM),
    healthcheck: healthcheck(),
    isolation: "default",
    sysctl: KERNEL_DEFAULT,
  };
}

/**
 * Healthy is a replica that GitLab has accepted; only then does swarm count it as running, and an update lets the old
 * one go. The start period has no end in practice: a replica that waits for GitLab must not be killed for it. The
 * interval is what an idle replica costs, 35 ms of CPU each time; engines from version 25 on look every 5 s until it is healthy.
 */
function healthcheck() {
  return {
    tests: ["CMD", "test", "-e", ONLINE_FILE],
    interval: goDuration(40),
    timeout: goDuration(10),
    startPeriod: goDuration(365 * 86_400),
    retries: 3,
  };
}
