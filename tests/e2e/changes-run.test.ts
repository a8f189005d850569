import { describe, expect, it } from "@jest/globals";
import { startJob, expectIntactLogs, tickingScript } from "../support/jobs";
import { createPool, type PoolFixture } from "../support/pool-fixture";
import { makeChanges, surround, type RunStep, type RunSurroundings } from "../support/run-changes";
import { SETTING_CHANGES } from "../support/setting-changes";

const JOB_SECONDS = 8;

/**
 * Every change in the table of docs/reviewing-diffs.md, in as few updates as possible that still
 * show the effect of each kind of change.
 */
const STEPS: readonly RunStep[] = [
  // Its test job runs in the job image of the platform.
  { changes: ["boot-verify", "gcs"], withJob: true },
  {
    changes: ["docker.host-socket"],
    settings: ({ engineSocket }) => ({
      "docker.host": engineSocket,
      bootVerify: undefined,
      cache: undefined,
    }),
    withJob: true,
  },
  {
    changes: ["docker.host-tcp", "azure", "certificates"],
    settings: ({ engineWithTls, gitlabWithTls }) => ({ ...engineWithTls, ...gitlabWithTls }),
    withJob: true,
  },
  {
    changes: [
      ...["jobImage", "runnerName", "concurrent", "docker.pullPolicy", "drainTimeout"],
      ...["gitlabUrl", "onlineTimeout", "tags-supplied-token"],
      ...["update", "logDriver", "serviceLabels"],
    ],
    // Shorter than a command's timeout, so that a failure shows its reason.
    settings: () => ({
      onlineTimeout: "100s",
      cache: undefined,
      ...{ caCertificate: undefined, clientCertificate: undefined, clientKey: undefined },
    }),
  },
  {
    changes: ["examples"],
    // The examples allow only some images and policies.
    settings: () => ({
      jobImage: "gitlab-runner-pool/job:1",
      "docker.pullPolicy": "if-not-present",
      ...{ update: undefined, logDriver: undefined, serviceLabels: undefined },
    }),
  },
  {
    changes: [
      ...["jobRegistries", "capAdd", "readOnlyRoot"],
      ...["placement.constraints", "placement.spread", "placement.maxPerNode"],
      ...["placement.platforms", "resources.limits.memory-resources.limits.cpus"],
      "resources.reservations.memory-resources.reservations.cpus",
    ],
  },
  {
    changes: ["resources.reservations.generic"],
    // No node of the platform has such a resource, so no replica could start.
    settings: () => ({ placement: undefined, resources: undefined, replicas: 0 }),
  },
  {
    changes: ["executor", "replicas-up"],
    settings: () => ({
      resources: undefined,
      // They are for the docker executor.
      ...{ capAdd: undefined, jobRegistries: undefined, readOnlyRoot: undefined },
    }),
  },
  { changes: ["replicas-down", "registry.login", "mounts", "dns"] },
  {
    changes: ["network.subnet"],
    settings: ({ subnet }) => ({ network: { subnet } }),
    withJob: true,
  },
  {
    changes: [
      ...["network.encrypted", "network.internal", "network.mtu"],
      ...["networks", "extraHosts"],
    ],
    // The other network has a way to GitLab.
    settings: () => ({ network: { encrypted: true, internal: true, mtu: 1400 } }),
  },
  { changes: [], renames: true, withJob: true },
  // A setting must be removed before it can change from an object to a string.
  {
    changes: [],
    settings: () => ({
      ...{ network: undefined, networks: undefined, extraHosts: undefined, mounts: undefined },
      ...{ dns: undefined, dnsSearch: undefined, dnsOptions: undefined },
    }),
  },
  { changes: ["network"] },
  {
    changes: ["token", "image-file", "baseImage", "nodeImage"],
    settings: ({ baseImage, nodeImage }) => ({ network: undefined, baseImage, nodeImage }),
  },
  {
    changes: ["tags-registration-token", "runUntagged-registration-token"],
    settings: ({ registrationToken }) => ({ token: registrationToken }),
  },
  {
    changes: [],
    settings: () => ({ token: undefined, runnerScope: "instance", runUntagged: undefined }),
  },
  { changes: ["runnerScope"] },
  {
    // The first ones do not change the service, so only `mode` replaces it.
    changes: [
      ...["tags", "runUntagged", "locked", "protected", "maximumTimeout"].map(
        (name) => `${name}-runnerScope`,
      ),
      "mode",
    ],
  },
  { changes: ["pool-added"], settings: () => ({ mode: undefined, replicas: 1 }) },
  { changes: ["pool-removed"] },
];

describe("the documented changes of settings", () => {
  it("are all part of this test", () => {
    expect(STEPS.flatMap(({ changes }) => changes).sort()).toEqual(
      SETTING_CHANGES.map(({ name }) => name).sort(),
    );
  });

  it("deploy in one step each, and then neither refresh nor preview finds a change", async () => {
    const pool = await createPool({
      settings: { replicas: 1, onlineTimeout: "40s" },
      switches: { registrationAllowed: true },
    });
    // Created before the pool and removed after it.
    await using around = await surround(pool);
    await using cleanUp = pool;
    await cleanUp.stack.mustUp();
    for (const step of STEPS) await run(pool, step, around);
    await expectDeletedRunnerReported(pool);
  }, 900_000);
});

/** Deletes the runner that the pool created: an update fails at once, and its remedy works. */
async function expectDeletedRunnerReported({ stack, gitlab }: PoolFixture): Promise<void> {
  const { runnerId } = (await stack.outputs()) as { readonly runnerId: string };
  await gitlab.deleteRunner({ runnerId: Number(runnerId) });
  const failed = await stack.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(
    new RegExp(`runner ${runnerId}, which this stack created for \\S+, was deleted in GitLab`),
  );
  expect(failed.output).toContain("run `pulumi refresh`, then `pulumi up`");
  await stack.refresh();
  await stack.mustUp();
}

async function run(pool: PoolFixture, step: RunStep, around: RunSurroundings): Promise<void> {
  const { stack, gitlab } = pool;
  const startedMs = Date.now();
  await makeChanges(pool, step, around);
  const script = tickingScript(JOB_SECONDS);
  const job = step.withJob === true && (await startJob(gitlab, { script, tags: ["docker"] }));
  await stack.mustUp();
  if (job !== false) await expectIntactLogs(gitlab, [{ id: job }], JOB_SECONDS, 20_000);
  await stack.expectNoChangesAfterRefresh();
  process.stdout.write(`${Date.now() - startedMs} ms: ${step.changes.join(", ")}\n`);
}
