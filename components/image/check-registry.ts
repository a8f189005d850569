import { request } from "node:http";
import { request as requestTls } from "node:https";
import * as pulumi from "@pulumi/pulumi";
import { EngineApi } from "../docker/engine-api";
import { messageOf, plainResourceError } from "../plain-error";
import type { RegistryAddress } from "../settings/registry-address";

/** Longest wait for the registry (ms). */
const TIMEOUT = 10_000;

/**
 * Makes sure that the registry answers; any answer will do, a refusal too. Where the image runs already, nothing is
 * pushed, and a registry that is away is worth a warning only.
 * @throws {pulumi.ResourceError} that names the registry if it does not answer
 */
export async function checkRegistry(
  resource: pulumi.Resource,
  registry: RegistryAddress,
  image: string,
): Promise<void> {
  const reason = await whyUnreachable(registry);
  if (reason === undefined) return;
  const message = `the registry ${registry.host} cannot be reached (${reason})`;
  if (await isRunning(image)) {
    void pulumi.log.warn(`${message}: nodes that lack the image cannot start replicas.`, resource);
  } else {
    throw plainResourceError(`${message}: check \`registry.address\``, resource);
  }
}

/** `fetch` would do the same, but takes Node 25 ms to load. */
async function whyUnreachable({ host, plainHttp }: RegistryAddress): Promise<string | undefined> {
  const url = `${plainHttp ? "http" : "https"}://${apiHost(host)}/v2/`;
  const signal = AbortSignal.timeout(TIMEOUT);
  try {
    await new Promise<void>((resolve, reject) => {
      const outgoing = (plainHttp ? request : requestTls)(url, { signal, agent: false });
      outgoing.on("response", (answer) => {
        answer.resume();
        resolve();
      });
      outgoing.on("error", reject).end();
    });
    return undefined;
  } catch (error) {
    return `${url}: ${reasonOf(signal.aborted ? signal.reason : error)}`;
  }
}

/** An error for several addresses of a name has no message of its own. */
function reasonOf(error: unknown): string {
  const { code = "no reason given" } = error as NodeJS.ErrnoException;
  return messageOf(error) || code;
}

/** Docker Hub's API has another name than its images. */
function apiHost(host: string): string {
  return host === "docker.io" ? "registry-1.docker.io" : host;
}

interface ApiService {
  readonly Spec: {
    readonly TaskTemplate: { readonly ContainerSpec?: { readonly Image?: string } };
  };
}

/** Whether a service of the swarm runs an image. */
async function isRunning(image: string): Promise<boolean> {
  const services = (await new EngineApi(process.env).get("/services")) as readonly ApiService[];
  return services.some(({ Spec }) =>
    Spec.TaskTemplate.ContainerSpec?.Image?.startsWith(`${image}@`),
  );
}
