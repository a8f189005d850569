import { eventually } from "../../dev/eventually";
import { listTasks } from "../../tests/support/swarm";
import { PREFIX, type Bench } from "../bench";
import { createOverlay, removeNetwork } from "./networks";

const START_TIMEOUT_MS = 60_000;

/**
 * A service on an overlay network whose tasks only sleep and end at once on a signal. Scaling it
 * takes only Swarm's own time.
 */
export class SleepService implements AsyncDisposable {
  readonly serviceName = `${PREFIX}-sleep`;
  private readonly network = `${PREFIX}-sleep`;

  private constructor(private readonly bench: Bench) {}

  static async create(bench: Bench, replicas: number): Promise<SleepService> {
    const service = new SleepService(bench);
    await createOverlay(bench, service.network);
    const flags = [
      ["--name", service.serviceName],
      ["--replicas", String(replicas)],
      ["--network", service.network],
      ["--endpoint-mode", "dnsrr"],
      // dumb-init forwards the signal. As PID 1, `sleep` would ignore it.
      ["--entrypoint", "dumb-init"],
    ].flat();
    const { base } = bench.platform.images;
    const create = ["service", "create", "--no-resolve-image", ...flags, base, "sleep", "infinity"];
    await bench.commands.run("docker", create);
    return service;
  }

  /** Starts scaling and returns without waiting for the tasks. */
  async scale(replicas: number): Promise<void> {
    const order = `${this.serviceName}=${replicas}`;
    await this.bench.commands.run("docker", ["service", "scale", "--detach", order]);
  }

  /** Scales and waits until all tasks are running. */
  async scaleAndWait(replicas: number): Promise<void> {
    await this.scale(replicas);
    await eventually(
      async () => {
        const tasks = await listTasks(this.bench.docker, this.serviceName);
        const running = tasks.filter(
          ({ state, desiredState }) => state === "running" && desiredState === "running",
        );
        return running.length === replicas;
      },
      { what: `${replicas} sleeping tasks`, timeoutMs: START_TIMEOUT_MS },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench.commands.run("docker", ["service", "rm", this.serviceName]);
    await removeNetwork(this.bench, this.network);
  }
}
