import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { listContainers } from "../../tests/support/swarm";
import type { Bench } from "../bench";
import { newestEvent } from "../observe";
import { readOwnCpuTime, readOwnMemory } from "../proc";
import type { Subject } from "../series";
import { measureProbeLoad } from "./probe";

/** A service whose replicas are online and idle. */
export interface IdleService {
  readonly subject: Extract<Subject, "pool" | "manual">;
  readonly serviceName: string;
  readonly runnerId: number;
}

const SETTLE_MS = 5_000;
const SECOND_MS = 1_000;

/**
 * Measures memory, CPU and requests to GitLab of idle replicas, for all services at the same time.
 */
export async function measureIdle(bench: Bench, services: readonly IdleService[]): Promise<void> {
  const { gitlab } = bench;
  const loads = new Map<IdleService, number>();
  for (const service of services)
    loads.set(service, await measureProbeLoad(bench, service.serviceName));
  await sleep(SETTLE_MS);
  const after = await newestEvent(gitlab);
  await Promise.all(services.map((service) => watch(bench, service, loads.get(service) ?? 0)));
  for (const service of services) await countRequests(bench, service, after);
}

/** @param load the engine's CPU use for a replica's health check, as a share of a core */
async function watch(
  { docker, recorder, rounds }: Bench,
  { subject, serviceName }: IdleService,
  load: number,
): Promise<void> {
  const watchReplica = async (container: Docker.Container): Promise<void> => {
    const start = { cpu: await readOwnCpuTime(container), at: performance.now() };
    await sleep(rounds.idleSeconds * SECOND_MS);
    const end = { cpu: await readOwnCpuTime(container), at: performance.now() };
    const own = (end.cpu - start.cpu) / ((end.at - start.at) / 1000);
    recorder.add(`cpu.${subject}`, 100 * Math.max(0, own + load));
    recorder.add(`memory.${subject}`, await readOwnMemory(container));
  };
  await Promise.all((await listRunningContainers(docker, serviceName)).map(watchReplica));
}

/** Records each replica's requests per minute since an event. */
async function countRequests(
  { gitlab, recorder }: Bench,
  { subject, runnerId }: IdleService,
  after: number,
): Promise<void> {
  const times = new Map<string, number[]>();
  for (const event of (await gitlab.events({ after })).events) {
    if (event.kind !== "request" || event.runnerId !== runnerId) continue;
    const replica = event.systemId ?? "";
    times.set(replica, [...(times.get(replica) ?? []), event.at]);
  }
  recorder.add(`requests.${subject}`, ...[...times.values()].map(getRatePerMinute));
}

/** Counts from the first to the last request, so the ends of the time window do not matter. */
function getRatePerMinute(times: readonly number[]): number {
  const minutes = (Math.max(...times) - Math.min(...times)) / 60_000;
  return Math.round((times.length - 1) / minutes);
}

/** Measures the mean memory of a service's running replicas in MB, excluding gitlab-runner. */
export async function measureMeanMemory(docker: Docker, serviceName: string): Promise<number> {
  const containers = await listRunningContainers(docker, serviceName);
  let sum = 0;
  for (const container of containers) sum += await readOwnMemory(container);
  return sum / containers.length;
}

async function listRunningContainers(docker: Docker, service: string): Promise<Docker.Container[]> {
  const containers = await listContainers(docker, service);
  return containers
    .filter(({ State }) => State === "running")
    .map(({ Id }) => docker.getContainer(Id));
}
