import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Commands } from "../commands";
import { removeTree } from "../files";
import type { Download } from "./tools";

const ANSWER_TIMEOUT_MS = 5_000;
const FILE_TIMEOUT_MS = 300_000;

const answers = new Map<string, Promise<string | undefined>>();

/** Why a host does not answer over HTTP; undefined if it does. Each host is tried once. */
export function whyNoAnswer(url: string): Promise<string | undefined> {
  const { origin } = new URL(url);
  const known = answers.get(origin);
  if (known !== undefined) return known;
  const answer = fetch(origin, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
    .then(() => undefined)
    .catch((error: unknown) => `${origin} does not answer (${describeCause(error)})`);
  answers.set(origin, answer);
  return answer;
}

/**
 * Downloads a release file into a folder, and unpacks it if it is an archive. Does not retry.
 * @throws Error when the host does not have the file, the transfer breaks off, or the hash is not
 * the pinned one
 */
export async function download(
  commands: Commands,
  { url, as, sha256 }: Download,
  folder: string,
): Promise<void> {
  commands.note(`GET ${url}`);
  const file = join(folder, "program" in as ? as.program : "archive.tar.gz");
  await mkdir(dirname(file), { recursive: true });
  await transfer(url, file);
  const found = await hashFile(file);
  commands.note(`sha256 ${found}${sha256 === undefined ? ", not pinned" : ""}`);
  if (sha256 !== undefined && found !== sha256) {
    throw new Error(`${url} has the SHA-256 ${found}, but versions.json expects ${sha256}`);
  }
  if ("program" in as) {
    await chmod(file, 0o755);
    return;
  }
  await commands
    .run("tar", [
      ...["--extract", "--gzip", "--file", file, "--directory", folder],
      ...[`--strip-components=${as.strip}`, "--no-same-owner"],
    ])
    .catch((cause: unknown) => {
      throw new Error(`${url} is not an archive that tar can unpack`, { cause });
    });
  await removeTree(file);
}

async function transfer(url: string, file: string): Promise<void> {
  const signal = AbortSignal.timeout(FILE_TIMEOUT_MS);
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw new Error(`${url} does not answer (${describeCause(cause)})`, { cause });
  });
  if (!response.ok || response.body === null) {
    throw new Error(`${url} answered ${response.status}`);
  }
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file)).catch(
    (cause: unknown) => {
      throw new Error(`the transfer of ${url} broke off (${describeCause(cause)})`, { cause });
    },
  );
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** The reason behind an error of `fetch`, whose own message only says that it failed. */
function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message === ""
    ? ((cause as NodeJS.ErrnoException).code ?? cause.name)
    : cause.message;
}
