import * as z from "zod/mini";
import { parseRegistryHost, selectSources } from "../../../components/image/image-sources";
import { findCredentials, type Credentials } from "../../../components/image/registry-credentials";
import { DOCKER_HUB } from "../../../contract/settings/types/registry-address";
import { EngineError, type EngineApi } from "../../../docker-engine/api";
import type { StackSettings } from "../../../stack/stack-settings";
import { failed, passed, type Result } from "../outcome";
import type { WaitFor } from "../steps";

type Env = Readonly<Record<string, string | undefined>>;

/** The server under which docker names the login of Docker Hub. */
const HUB_SERVER = "https://index.docker.io/v1/";

/**
 * Checks that the engine has the images from which the runner image is built, or can read them from
 * their registries. The engine asks the registries itself, as in a pull.
 */
export async function checkBaseImage(
  { baseImage, nodeImage, registry }: StackSettings,
  engine: Pick<EngineApi, "get">,
  env: Env,
  waitFor: WaitFor,
): Promise<Result<undefined>> {
  const [texts, problems]: [string[], string[]] = [[], []];
  for (const [setting, image] of [
    ["baseImage", baseImage],
    ["nodeImage", nodeImage],
  ] as const) {
    waitFor(`the engine to find ${image}`);
    if (await isPresent(engine, image)) {
      texts.push(`${image} is on the engine`);
      continue;
    }
    const isOwn = selectSources(registry, { image }).length > 0;
    const { username, password } = registry;
    const credentials =
      isOwn && username !== undefined && password !== undefined
        ? { username, password }
        : await findCredentials(parseRegistryHost(image), env, () => undefined);
    const reason = await whyUnreadable(engine, image, credentials);
    if (reason === undefined) texts.push(`${image} can be pulled`);
    else problems.push(describeMissing(setting, image, reason));
  }
  return problems.length > 0 ? failed(...problems) : passed(texts.join(", "));
}

async function isPresent(engine: Pick<EngineApi, "get">, image: string): Promise<boolean> {
  try {
    z.object({ Id: z.string() }).parse(await engine.get(`/images/${encodeURI(image)}/json`));
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return false;
    throw error;
  }
}

/** Asks the engine to read the image's manifest. @returns why it cannot; undefined if it can */
async function whyUnreadable(
  engine: Pick<EngineApi, "get">,
  image: string,
  credentials: Credentials | undefined,
): Promise<string | undefined> {
  const headers = credentials === undefined ? {} : buildAuthHeader(image, credentials);
  try {
    await engine.get(`/distribution/${encodeURI(image)}/json`, {}, headers);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function buildAuthHeader(
  image: string,
  { username, password }: Credentials,
): Readonly<Record<string, string>> {
  const host = parseRegistryHost(image);
  const serveraddress = host === DOCKER_HUB ? HUB_SERVER : host;
  const auth = Buffer.from(JSON.stringify({ username, password, serveraddress }));
  // The engine needs the padding, which Node.js's `base64url` lacks.
  const encoded = auth.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
  return { "x-registry-auth": encoded };
}

function describeMissing(setting: string, image: string, reason: string): string {
  return `the engine does not have ${image} (\`${setting}\`) and cannot pull it (${reason}): correct \`${setting}\`, log in to its registry with \`docker login\`, or load the image with \`docker load\``;
}
