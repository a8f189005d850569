import { cpus, loadavg, release, totalmem } from "node:os";
import type { Bench } from "../bench";

/** The machine and the software versions that the benchmark ran on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** GiB. */
  readonly memory: number;
  readonly kernel: string;
  readonly node: string;
  readonly docker: string;
  readonly pulumi: string;
  /** Load average over the minute before the run. */
  readonly load: number;
}

export async function describeMachine({ commands, docker, platform }: Bench): Promise<Machine> {
  const [processor] = cpus();
  return {
    cpu: processor?.model ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    docker: (await docker.version()).Version,
    load: loadavg()[0] ?? NaN,
    pulumi: await commands.read(platform.pulumi, ["version"], { env: platform.pulumiEnv }),
  };
}
