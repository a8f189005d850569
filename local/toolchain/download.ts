import { createWriteStream } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Commands } from "../commands";
import { removeTree } from "../files";
import type { Download } from "./tools";

const ANSWER_TIMEOUT_MS = 5_000;
const FILE_TIMEOUT_MS = 300_000;

const answers = new Map<string, Promise<boolean>>();

/** True if a host speaks HTTP with us at all; asked once for each host. */
export function hostAnswers(url: string): Promise<boolean> {
  const { origin } = new URL(url);
  const known = answers.get(origin);
  if (known !== undefined) return known;
  const answer = fetch(origin, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
    .then(() => true)
    .catch(() => false);
  answers.set(origin, answer);
  return answer;
}

/**
 * Downloads a file of a release into a folder, and unpacks it if it is an archive. One try.
 * @throws Error when the host has no such file or the transfer breaks off
 */
export async function download(
  commands: Commands,
  { url, as }: Download,
  folder: string,
): Promise<void> {
  commands.note(`GET ${url}`);
  const response = await fetch(url, { signal: AbortSignal.timeout(FILE_TIMEOUT_MS) });
  if (!response.ok || response.body === null) {
    throw new Error(`${url} answered ${response.status}`);
  }
  const file = join(folder, "program" in as ? as.program : "archive.tar.gz");
  await mkdir(dirname(file), { recursive: true });
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
  if ("program" in as) {
    await chmod(file, 0o755);
    return;
  }
  await commands.run("tar", [
    ...["--extract", "--gzip", "--file", file, "--directory", folder],
    ...[`--strip-components=${as.strip}`, "--no-same-owner"],
  ]);
  await removeTree(file);
}
