import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { eventually } from "./eventually";

export interface ServerOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly host: string;
  readonly port: number;
}

const START_MS = 60_000;

/**
 * Starts a server as a process of this machine, and waits until it accepts connections.
 * @returns what ends it
 * @throws Error with its output if it ends or does not listen
 */
export async function startServer(options: ServerOptions): Promise<AsyncDisposable> {
  const { program, args, env = {}, host, port } = options;
  const child = spawn(program, args, {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  try {
    await eventually(() => child.exitCode !== null || accepts(host, port), {
      what: `${program} to listen on ${host}:${port}`,
      timeoutMs: START_MS,
    });
    if (child.exitCode !== null) throw new Error(`${program} exited with ${child.exitCode}`);
  } catch (cause) {
    await stop();
    throw new Error(`${program} does not listen; its output:\n${output}`, { cause });
  }
  return { [Symbol.asyncDispose]: stop };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
