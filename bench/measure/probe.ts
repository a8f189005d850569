import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { PREFIX, type Bench } from "../bench";
import { containerTime, engineTime } from "../proc";

interface HealthCheck {
  readonly Test: string[];
  /** Nanoseconds. */
  readonly Interval: number;
}

const CONTAINERS = 10;
const SECOND = 1e9;

/**
 * What the engine spends on the health check of one replica: a share of a core. One probe is too little to see, so the same check runs every second
 * in ten sleeping containers, and then not at all; the difference, by probe, is spread over the service's own interval.
 */
export async function probeLoad(bench: Bench, serviceName: string): Promise<number> {
  const check = await readHealthCheck(bench.docker, serviceName);
  if (check === undefined) return 0;
  const without = await watchEngine(bench, undefined);
  const withProbes = await watchEngine(bench, check.Test);
  const perProbe = (withProbes.cpu - without.cpu) / withProbes.probes;
  return Math.max(0, perProbe) / (check.Interval / SECOND);
}

async function readHealthCheck(
  docker: Docker,
  serviceName: string,
): Promise<HealthCheck | undefined> {
  const { Spec } = (await docker.getService(serviceName).inspect()) as {
    Spec: { TaskTemplate: { ContainerSpec: { Healthcheck?: HealthCheck } } };
  };
  return Spec.TaskTemplate.ContainerSpec.Healthcheck;
}

async function watchEngine(
  { docker, platform, rounds }: Bench,
  test: string[] | undefined,
): Promise<{ readonly cpu: number; readonly probes: number }> {
  const check = test && { Test: test, Interval: SECOND };
  const containers = await Promise.all(
    Array.from({ length: CONTAINERS }, (_, i) =>
      docker.createContainer({
        name: `${PREFIX}-probe-${process.pid}-${i}`,
        Image: platform.images.base,
        Entrypoint: ["dumb-init", "sleep", "infinity"],
        ...(check && { Healthcheck: check }),
      }),
    ),
  );
  try {
    await Promise.all(containers.map((container) => container.start()));
    await sleep(2000);
    return await countProbes(docker, containers, rounds.probeSeconds);
  } finally {
    await Promise.all(containers.map((container) => container.remove({ force: true })));
  }
}

/**
 * Watches for a while what the engine spends, and how many probes it starts in that time. What a probe spends in its
 * container is left out: it is counted with the container.
 */
async function countProbes(
  docker: Docker,
  containers: readonly Docker.Container[],
  seconds: number,
): Promise<{ readonly cpu: number; readonly probes: number }> {
  const events = await docker.getEvents({ filters: { event: ["exec_start"] } });
  let probes = 0;
  events.on("data", (chunk: Buffer) => {
    probes += chunk
      .toString()
      .split("\n")
      .filter((line) => line.includes(`${PREFIX}-probe-`)).length;
  });
  const spent = async (): Promise<number> =>
    (await engineTime()) - (await sumContainerTime(containers));
  const before = await spent();
  await sleep(seconds * 1000);
  const cpu = (await spent()) - before;
  (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
  return { cpu, probes };
}

async function sumContainerTime(containers: readonly Docker.Container[]): Promise<number> {
  const times = await Promise.all(containers.map(containerTime));
  return times.reduce((sum, time) => sum + time, 0);
}
