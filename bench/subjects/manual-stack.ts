import { join } from "node:path";
import { PREFIX, type Bench } from "../bench";
import { createOverlay, removeNetwork } from "./networks";
import { basicEnv } from "./replica";

const FOLDER = join(__dirname, "../manual");

/** The manual setup's image. It has the same base image as the pool's. */
export const MANUAL_IMAGE = `${PREFIX}-manual:1`;

export async function buildManualImage({ commands, platform }: Bench): Promise<void> {
  const base = `BASE_IMAGE=${platform.images.base}`;
  await commands.run("docker", ["build", "--tag", MANUAL_IMAGE, "--build-arg", base, FOLDER]);
}

/** The manual setup: `docker stack deploy`, then `docker service scale`. */
export class ManualStack implements AsyncDisposable {
  private readonly name = `${PREFIX}-manual`;
  readonly serviceName = `${this.name}_runner`;
  private readonly network = `${PREFIX}-primary-network`;

  private constructor(private readonly bench: Bench) {}

  /** Deploys two replicas, the number in the compose file. */
  static async deploy(bench: Bench, token: string): Promise<ManualStack> {
    const stack = new ManualStack(bench);
    const { commands } = bench;
    await createOverlay(bench, stack.network);
    const compose = ["--compose-file", join(FOLDER, "compose.yaml")];
    await commands.run("docker", ["stack", "deploy", ...compose, stack.name], {
      env: {
        ...basicEnv(bench, token),
        MANUAL_IMAGE,
        PRIMARY_NETWORK: stack.network,
      },
    });
    return stack;
  }

  /** Starts scaling and returns without waiting for the replicas. */
  async scale(replicas: number): Promise<void> {
    const order = `${this.serviceName}=${replicas}`;
    await this.bench.commands.run("docker", ["service", "scale", "--detach", order]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { commands } = this.bench;
    await commands.run("docker", ["stack", "rm", this.name]);
    await removeNetwork(this.bench, this.network);
  }
}
