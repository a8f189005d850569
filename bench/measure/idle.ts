import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { listContainers } from "../../tests/support/swarm";
import type { Bench } from "../bench";
import { newestEvent } from "../observe";
import { cpuBeyondRunner, memoryBeyondRunner } from "../proc";
import type { Subject } from "../series";
import { probeLoad } from "./probe";

/** A service whose replicas are online and have nothing to do. */
export interface IdleService {
  readonly subject: Extract<Subject, "pool" | "manual">;
  readonly serviceName: string;
  readonly runnerId: number;
}

const SETTLE_MS = 5_000;
const SECOND_MS = 1_000;

/** What idle replicas cost, at the same time for all services: memory, CPU and requests to GitLab. */
export async function measureIdle(bench: Bench, services: readonly IdleService[]): Promise<void> {
  const { gitlab } = bench;
  const loads = new Map<IdleService, number>();
  for (const service of services) loads.set(service, await probeLoad(bench, service.serviceName));
  await sleep(SETTLE_MS);
  const after = await newestEvent(gitlab);
  await Promise.all(services.map((service) => watch(bench, service, loads.get(service) ?? 0)));
  for (const service of services) await countRequests(bench, service, after);
}

/** @param load what the engine spends on a replica's health check, a share of a core */
async function watch(
  { docker, recorder, rounds }: Bench,
  { subject, serviceName }: IdleService,
  load: number,
): Promise<void> {
  const watchReplica = async (container: Docker.Container): Promise<void> => {
    const start = { cpu: await cpuBeyondRunner(container), at: performance.now() };
    await sleep(rounds.idleSeconds * SECOND_MS);
    const end = { cpu: await cpuBeyondRunner(container), at: performance.now() };
    const own = (end.cpu - start.cpu) / ((end.at - start.at) / 1000);
    recorder.add(`cpu.${subject}`, 100 * Math.max(0, own + load));
    recorder.add(`memory.${subject}`, await memoryBeyondRunner(container));
  };
  await Promise.all((await runningContainers(docker, serviceName)).map(watchReplica));
}

/** Requests of each replica of a runner since an event, by minute. */
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
  recorder.add(`requests.${subject}`, ...[...times.values()].map(ratePerMinute));
}

/** From the first to the last, so that where the window begins and ends makes no difference. */
function ratePerMinute(times: readonly number[]): number {
  const minutes = (Math.max(...times) - Math.min(...times)) / 60_000;
  return Math.round((times.length - 1) / minutes);
}

/** Mean memory of the running replicas of a service beyond gitlab-runner's, MB. */
export async function meanMemory(docker: Docker, serviceName: string): Promise<number> {
  const containers = await runningContainers(docker, serviceName);
  let sum = 0;
  for (const container of containers) sum += await memoryBeyondRunner(container);
  return sum / containers.length;
}

async function runningContainers(docker: Docker, service: string): Promise<Docker.Container[]> {
  const containers = await listContainers(docker, service);
  return containers
    .filter(({ State }) => State === "running")
    .map(({ Id }) => docker.getContainer(Id));
}
