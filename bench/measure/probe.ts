import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { PREFIX, type Bench } from "../bench";
import { readContainerTime, readEngineCpuTime } from "../proc";

interface HealthCheck {
  readonly Test: string[];
  /** Nanoseconds. */
  readonly Interval: number;
}

const CONTAINERS = 10;
const SECOND_IN_NANOSECONDS = 1e9;

/**
 * Measures the engine's CPU use for the health check of one replica, as a share of a core. A single
 * probe is too short to measure. So ten sleeping containers run the same check every second, and
 * then no check. The difference, divided by the number of probes, is spread over the service's
 * interval.
 */
export async function measureProbeLoad(bench: Bench, serviceName: string): Promise<number> {
  const check = await readHealthCheck(bench.docker, serviceName);
  if (check === undefined) return 0;
  const without = await watchEngine(bench, undefined);
  const withProbes = await watchEngine(bench, check.Test);
  const perProbe = (withProbes.cpu - without.cpu) / withProbes.probes;
  return Math.max(0, perProbe) / (check.Interval / SECOND_IN_NANOSECONDS);
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
  const check = test && { Test: test, Interval: SECOND_IN_NANOSECONDS };
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
 * Measures the engine's CPU time and counts the probes that it starts. The CPU time that a probe
 * uses inside its container is excluded: it already counts for the container.
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
  const readCpuTime = async (): Promise<number> =>
    (await readEngineCpuTime()) - (await sumContainerTime(containers));
  const before = await readCpuTime();
  await sleep(seconds * 1000);
  const cpu = (await readCpuTime()) - before;
  (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
  return { cpu, probes };
}

async function sumContainerTime(containers: readonly Docker.Container[]): Promise<number> {
  const times = await Promise.all(containers.map(readContainerTime));
  return times.reduce((sum, time) => sum + time, 0);
}
