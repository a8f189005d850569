import type { AddressInfo } from "node:net";
import { createControls, type Controls } from "./control/controls";
import { localInvoke } from "./control/routes";
import { controlSchemas, type ControlName } from "./control/schemas";
import { FaultBook } from "./faults/book";
import { createServer } from "./server";
import type { Clock } from "./state/clock";
import { createInstance, type Instance } from "./state/instance";
import { seedBasics } from "./state/seed";
import { sweep } from "./state/sweeps";
import type { Switches } from "./state/switches";

export { connectControl } from "./control/client";
export type { Controls } from "./control/controls";
export type { EnqueueJob } from "./control/schemas";
export type { JobView, ManagerView, RunnerView } from "./control/views";
export type { Fault, FaultAction } from "./faults/schema";
export type { Clock } from "./state/clock";
export type {
  GitlabEvent,
  HeldEvent,
  JobEvent,
  ManagerEvent,
  RequestEvent,
  RunnerEvent,
} from "./state/events";
export type { JobStatus } from "./state/job";
export type { Switches } from "./state/switches";

export interface GitlabOptions {
  /** Address to listen on. @default "127.0.0.1" */
  readonly host?: string;
  /** @default 0: a free one */
  readonly port?: number;
  /** How GitLab names itself, when clients reach it by another address than it listens on. @default the listening one */
  readonly externalUrl?: string;
  /** Certificate and key (PEM) to serve HTTPS. @default plain HTTP */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Switches that differ from a new GitLab's. */
  readonly switches?: Partial<Switches>;
  /** Lets other machines and containers use the controls over HTTP. @default only this machine */
  readonly controlToken?: string;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** A running stand-in for GitLab, with its controls. */
export interface Gitlab extends Controls, AsyncDisposable {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  /** The state itself, for tests that look closer. */
  readonly instance: Instance;
  stop(): Promise<void>;
}

const SWEEP_MS = 250;

/** Starts a stand-in for GitLab in this process. It holds everything in memory. */
export async function startGitlab(options: GitlabOptions = {}): Promise<Gitlab> {
  const instance = createInstance({
    ...(options.clock && { clock: options.clock }),
    ...(options.switches && { switches: options.switches }),
  });
  seedBasics(instance);
  return await serveGitlab(instance, options);
}

/** Serves an instance that exists already. */
export async function serveGitlab(instance: Instance, options: GitlabOptions): Promise<Gitlab> {
  const faults = new FaultBook();
  const app = await createServer(instance, faults, {
    ...(options.tls && { tls: options.tls }),
    control: options.controlToken === undefined ? {} : { token: options.controlToken },
  });
  const host = options.host ?? "127.0.0.1";
  await app.listen({ host, port: options.port ?? 0 });
  const { port } = app.server.address() as AddressInfo;
  const scheme = options.tls === undefined ? "http" : "https";
  const listening = `${scheme}://${host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`;
  const url = options.externalUrl ?? listening;
  instance.externalUrl = url;
  const sweeper = setInterval(() => {
    sweep(instance);
  }, SWEEP_MS);
  const stop = async (): Promise<void> => {
    clearInterval(sweeper);
    instance.stopping.abort();
    await app.close();
  };
  const names = Object.keys(controlSchemas) as ControlName[];
  const controls = createControls(names, localInvoke(instance, faults));
  return { ...controls, url, instance, stop, [Symbol.asyncDispose]: stop };
}
