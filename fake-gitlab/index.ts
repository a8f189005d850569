import { createControls, type Controls } from "./control/controls";
import { localInvoke } from "./control/routes";
import { controlSchemas, type ControlName } from "./control/schemas";
import { FaultBook } from "./faults/book";
import { listenOn } from "./listen";
import { createServer } from "./server";
import type { Clock } from "./state/clock";
import { createInstance, type Instance } from "./state/instance";
import { seedBasics } from "./state/seed";
import { sweep } from "./state/sweeps";
import type { Switches } from "./state/switches";

export { connectControl } from "./control/client";
export type { Controls } from "./control/controls";
export type { EnqueueJob } from "./control/schemas";
export type { JobView, ManagerView } from "./control/views";
export type { Fault, FaultAction } from "./faults/schema";
export type { Clock } from "./state/clock";
export type { GitlabEvent, ManagerEvent, RequestEvent } from "./state/events";
export type { JobStatus } from "./state/job";
export type { Switches } from "./state/switches";

export interface GitlabOptions {
  /**
   * Addresses of this machine to listen on.
   * @default "127.0.0.1"
   */
  readonly host?: string | readonly string[];
  /** @default 0: a free port */
  readonly port?: number;
  /**
   * GitLab's own URL, if clients reach it by another address than it listens on. A path in it is
   * the relative URL root: requests outside of it get 404.
   * @default the listening address
   */
  readonly externalUrl?: string;
  /**
   * Certificate and key (PEM) for HTTPS.
   * @default plain HTTP
   */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Switches that differ from those of a new GitLab. */
  readonly switches?: Partial<Switches>;
  /**
   * The token that allows the use of the controls over HTTP.
   * @default none: only this process can use them
   */
  readonly controlToken?: string;
  /** @default the machine's clock */
  readonly clock?: Clock;
}

/** A running fake GitLab with its controls. */
export interface Gitlab extends Controls, AsyncDisposable {
  /** Base URL, without a trailing slash. */
  readonly url: string;
  /** The state itself, for tests that need more than the controls. */
  readonly instance: Instance;
  stop(): Promise<void>;
}

const SWEEP_MS = 250;

/** Starts a fake GitLab in this process. It keeps everything in memory. */
export async function startGitlab(options: GitlabOptions = {}): Promise<Gitlab> {
  const instance = createInstance({
    ...(options.clock && { clock: options.clock }),
    ...(options.switches && { switches: options.switches }),
  });
  seedBasics(instance);
  return await serveGitlab(instance, options);
}

/** Serves an existing instance. */
export async function serveGitlab(instance: Instance, options: GitlabOptions): Promise<Gitlab> {
  const faults = new FaultBook();
  const app = await createServer(instance, faults, {
    ...(options.tls && { tls: options.tls }),
    control: options.controlToken === undefined ? {} : { token: options.controlToken },
  });
  const hosts = [...new Set([options.host ?? "127.0.0.1"].flat())];
  const { port, close } = await listenOn(app, hosts, options.port ?? 0);
  const [host = ""] = hosts;
  const scheme = options.tls === undefined ? "http" : "https";
  const listening = `${scheme}://${formatHost(host)}:${port}`;
  const url = options.externalUrl ?? listening;
  instance.externalUrl = url;
  const sweeper = setInterval(() => {
    sweep(instance);
  }, SWEEP_MS);
  const stop = async (): Promise<void> => {
    clearInterval(sweeper);
    instance.stopping.abort();
    close();
    await app.close();
  };
  const names = Object.keys(controlSchemas) as ControlName[];
  const controls = createControls(names, localInvoke(instance, faults));
  return { ...controls, url, instance, stop, [Symbol.asyncDispose]: stop };
}

/** Formats a listening address for a URL. */
function formatHost(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  if (address === "::") return "[::1]";
  return address.includes(":") ? `[${address}]` : address;
}
