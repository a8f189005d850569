import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import { expectWhole, occupy, tickingScript } from "../../support/jobs";
import { createPool } from "../../support/pool-fixture";
import { ExitRecorder, listContainers } from "../../support/swarm";

describe("pulumi destroy with running jobs", () => {
  it.each([
    ["a supplied token", false],
    ["a runner of its own", true],
  ])(
    "with %s finishes the jobs, then takes down manager, service, secret and network",
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
      const jobs = await occupy(gitlab, 2, { script: tickingScript(15) });

      await stack.destroy();
      const ended = await expectWhole(gitlab, jobs, 15, 1_000);
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
      // The service object goes first in swarm's books; its tasks drain before anything that they need is taken away.
      const [secret, network] = [removals.at("secret"), removals.at("network")];
      expect(secret).toBeGreaterThanOrEqual(Math.max(...managers));
      expect(network).toBeGreaterThanOrEqual(Math.max(...managers));
      const runner = events.find((event) => event.kind === "runner" && event.change === "removed");
      expect(runner !== undefined).toBe(scoped);
      if (runner !== undefined) expect(runner.at).toBeGreaterThanOrEqual(Math.max(...managers));
    },
  );
});

/** Notes when swarm objects of a stack go. */
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

  /** When (epoch ms) the last object of a type went. @throws if none did */
  at(type: string): number {
    const time = this.times.get(type);
    if (time === undefined) throw new Error(`no ${type} of the stack was removed`);
    return time;
  }

  [Symbol.dispose](): void {
    (this.stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  }
}
