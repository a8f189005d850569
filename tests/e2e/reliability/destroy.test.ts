import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import {
  waitUntilDraining,
  ENDLESS,
  endJobs,
  expectIntactLogs,
  fillRunners,
} from "../../support/jobs";
import { createPool, type PoolFixture } from "../../support/pool-fixture";
import { followReplica } from "../../support/replica-lines";
import { ExitRecorder, listContainers } from "../../support/swarm";

const DESTROY_WITH_PROGRAM = ["destroy", "--run-program", "--yes", "--skip-preview"];

describe("pulumi destroy with running jobs", () => {
  it.each([
    ["a supplied token", false],
    ["a runner that the pool created", true],
  ])(
    "lets jobs finish, then removes managers, service, secret and network: %s",
    async (_, scoped) => {
      await using pool = await createPool({
        withoutToken: scoped,
        settings: {
          executor: "shell",
          docker: undefined,
          ...(scoped ? { runnerScope: "instance" } : {}),
        },
      });
      const { stack, gitlab, docker } = pool;
      if (scoped) {
        stack.env["GITLAB_TOKEN"] = (await gitlab.createPersonalAccessToken({})).token;
      }
      await stack.mustUp();
      using exits = await ExitRecorder.start(docker, stack.serviceName);
      using removals = await RemovalRecorder.start(docker, stack.stack);
      const jobs = await fillRunners(gitlab, 2, { script: ENDLESS });
      const containers = await listContainers(docker, stack.serviceName);
      const replicas = await Promise.all(containers.map(({ Id }) => followReplica(docker, Id)));

      if (scoped) await expectRefusedWithoutToken(pool);
      const destroying = scoped ? destroyWithProgram(pool) : stack.destroy();
      await Promise.race([waitUntilDraining(replicas, 2), destroying]);
      await endJobs(docker, stack.serviceName);
      await destroying;
      const ended = await expectIntactLogs(gitlab, jobs, "endless", 1_000);
      expect((await exits.wait(2, 1_000)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(await listContainers(docker, stack.serviceName)).toEqual([]);

      const events = (await gitlab.events({})).events;
      const removed = events.flatMap((event) =>
        event.kind === "manager" && event.change === "removed" ? [event] : [],
      );
      expect(removed).toHaveLength(2);
      for (const { systemId, finishedAt } of ended) {
        const gone = removed.find((event) => event.systemId === systemId)?.at ?? 0;
        expect(gone).toBeGreaterThanOrEqual(finishedAt ?? Infinity);
      }
      const managers = removed.map(({ at }) => at);
      // Swarm removes the service object first. Its tasks drain before anything that they need is
      // removed.
      const [secret, network] = [removals.at("secret"), removals.at("network")];
      expect(secret).toBeGreaterThanOrEqual(Math.max(...managers));
      expect(network).toBeGreaterThanOrEqual(Math.max(...managers));
      const runner = events.find((event) => event.kind === "runner" && event.change === "removed");
      expect(runner !== undefined).toBe(scoped);
      if (runner !== undefined) expect(runner.at).toBeGreaterThanOrEqual(Math.max(...managers));
    },
  );
});

/** Expects that the program, which runs first, reports the missing token and removes nothing. */
async function expectRefusedWithoutToken({ stack, docker, gitlab }: PoolFixture): Promise<void> {
  const token = stack.env["GITLAB_TOKEN"] ?? "";
  stack.env = {};
  const refused = await stack.pulumi(DESTROY_WITH_PROGRAM);
  stack.env = { GITLAB_TOKEN: token };
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toContain("requires the environment variable GITLAB_TOKEN");
  await docker.getService(stack.serviceName).inspect();
  expect(await gitlab.managers({})).toHaveLength(2);
}

async function destroyWithProgram({ stack }: PoolFixture): Promise<void> {
  const { exitCode, output } = await stack.pulumi(DESTROY_WITH_PROGRAM);
  if (exitCode !== 0) throw new Error(output);
}

/** Records when Swarm removes the objects of a stack. */
class RemovalRecorder implements Disposable {
  private readonly times = new Map<string, number>();

  private constructor(private readonly stream: NodeJS.ReadableStream) {}

  static async start(docker: Docker, stack: string): Promise<RemovalRecorder> {
    const stream = await docker.getEvents({
      filters: { type: ["secret", "network", "service"], event: ["remove"] },
    });
    const recorder = new RemovalRecorder(stream);
    stream.on("data", (chunk: Buffer) => {
      for (const line of chunk
        .toString()
        .split("\n")
        .filter((text) => text !== "")) {
        const event = JSON.parse(line) as {
          readonly Type: string;
          readonly timeNano: number;
          readonly Actor: { readonly Attributes: { readonly name?: string } };
        };
        if (event.Actor.Attributes.name?.includes(stack) === true) {
          recorder.times.set(event.Type, event.timeNano / 1e6);
        }
      }
    });
    return recorder;
  }

  /**
   * Returns when (epoch milliseconds) Swarm removed the last object of a type.
   * @throws Error if it removed none
   */
  at(type: string): number {
    const time = this.times.get(type);
    if (time === undefined) throw new Error(`no ${type} of the stack was removed`);
    return time;
  }

  [Symbol.dispose](): void {
    (this.stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  }
}
