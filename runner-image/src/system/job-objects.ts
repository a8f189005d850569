import { request } from "node:http";

/** Where gitlab-runner's docker executor finds its engine. */
export const DOCKER_SOCKET = "/var/run/docker.sock";

/** gitlab-runner puts its system ID into this label of everything that it creates for jobs. */
const SYSTEM_ID = "com.gitlab.gitlab-runner.runner.system_id";

/** Longest wait for one response. The engine may have to kill a job first. */
const RESPONSE_TIMEOUT_MS = 30_000;

/** Longest response that is read. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * Removes the containers and networks that a killed replica left on this node. Nothing controls its
 * jobs anymore, and its services would run forever. Volumes stay, because later jobs use them as
 * caches.
 * @param systemId the killed replica's; no running replica may have the same
 * @returns how many were removed
 * @throws Error naming what the engine did not do
 */
export async function removeJobObjects(systemId: string, socket = DOCKER_SOCKET): Promise<number> {
  const label = encodeURIComponent(JSON.stringify({ label: [`${SYSTEM_ID}=${systemId}`] }));
  const containers = readIds(await ask(socket, "GET", `/containers/json?all=1&filters=${label}`));
  await each(containers, (id) => ask(socket, "DELETE", `/containers/${id}?force=1&v=1`));
  const networks = readIds(await ask(socket, "GET", `/networks?filters=${label}`));
  await each(networks, (id) => ask(socket, "DELETE", `/networks/${id}`));
  return containers.length + networks.length;
}

async function each(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<void> {
  await Promise.all(ids.map(act));
}

function readIds(response: unknown): readonly string[] {
  if (!Array.isArray(response)) return [];
  return (response as readonly ({ readonly Id?: unknown } | null)[]).flatMap((object) =>
    typeof object?.Id === "string" ? [object.Id] : [],
  );
}

/** @returns the JSON in the engine's response; undefined if there is none */
function ask(socketPath: string, method: "GET" | "DELETE", path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > MAX_RESPONSE_BYTES)
          response.destroy(new Error("the engine's response is too long"));
      });
      response.on("end", () => {
        const { statusCode: status = 0 } = response;
        const text = Buffer.concat(chunks).toString("utf8");
        // 404 and 409: the object is already gone or being removed.
        if (method === "DELETE" && (status === 204 || status === 404 || status === 409)) {
          resolve(undefined);
        } else if (status === 200) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${path.split("?")[0] ?? ""}: ${status} ${text.trim()}`));
      });
    });
    const timer = setTimeout(() => {
      outgoing.destroy(
        new Error(`no response from the engine within ${RESPONSE_TIMEOUT_MS / 1000} s`),
      );
    }, RESPONSE_TIMEOUT_MS);
    outgoing.on("close", () => {
      clearTimeout(timer);
    });
    outgoing.on("error", reject).end();
  });
}
