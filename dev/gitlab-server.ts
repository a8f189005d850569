import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./context";
import { findDaemon, startDaemon, stopDaemon } from "./daemons";
import { eventually } from "./eventually";
import { exists, removeTree, writeFileAtomic } from "./files";
import { connectControl, type Controls } from "../fake-gitlab";
import type { Paths } from "./paths";
import { choosePort } from "./ports";

const PORT = 8929;
const START_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 5_000;
/** A running server may be too busy to answer. This is how long it gets before it is restarted. */
const SILENCE_TIMEOUT_MS = 10_000;
const LOG_LINES = 5;
const TOKEN_BYTES = 15;

/** The platform's fake GitLab, in its own process. */
export interface GitlabServer {
  /** The URL for replicas and people. */
  readonly url: string;
  /** File with an administrator's personal access token. */
  readonly tokenFile: string;
  readonly controls: Controls;
}

const mark = ({ state }: Paths): string => `${state} gitlab`;

/**
 * Starts the fake GitLab if it is not running. Its state survives a restart, until `npm run
 * demo:down`.
 * @param hostAddress this machine's address as containers see it
 */
export async function ensureGitlab(
  context: Context,
  hostAddress: string,
  note: (text: string) => void,
): Promise<GitlabServer> {
  const { paths, record } = context;
  const tokenFile = join(paths.state, "gitlab/token");
  if (!(await exists(tokenFile))) {
    const token = `glpat-${randomBytes(TOKEN_BYTES).toString("base64url")}`;
    await writeFileAtomic(tokenFile, `${token}\n`, 0o600);
  }
  const token = (await readFile(tokenFile, "utf8")).trim();
  const { gitlabPort } = await record.read();
  let port = gitlabPort ?? PORT;
  if (gitlabPort === undefined || !(await runs(context, formatUrl(hostAddress, port), token))) {
    note("starting the fake GitLab");
    await stopDaemon(mark(paths));
    port = await choosePort(port);
    await record.change((all) => ({ ...all, gitlabPort: port }));
    start(context, port, hostAddress, tokenFile);
  }
  const url = formatUrl(hostAddress, port);
  await waitFor(context, url, token);
  const controls = connectControl(url, { token });
  // A held job request delays an idle replica's exit by up to 50 s. Without held requests, scaling
  // on this platform takes effect at once.
  await controls.setSwitches({ longPollSeconds: 0 });
  return { url, tokenFile, controls };
}

const formatUrl = (host: string, port: number): string => `http://${host}:${port}`;

/**
 * True if the fake GitLab runs and answers at the URL. It does not if this machine's address has
 * changed since it started.
 */
async function runs({ paths }: Context, url: string, token: string): Promise<boolean> {
  if ((await findDaemon(mark(paths))).length === 0) return false;
  return eventually(() => acceptsToken(url, token), {
    what: `the fake GitLab at ${url}`,
    timeoutMs: SILENCE_TIMEOUT_MS,
  }).catch(() => false);
}

/** @throws Error with the end of the server's log if it does not answer */
async function waitFor({ paths }: Context, url: string, token: string): Promise<void> {
  const answer = await eventually(
    async () =>
      (await acceptsToken(url, token).catch(() => false)) ||
      ((await findDaemon(mark(paths))).length === 0 && "ended"),
    { what: `the fake GitLab at ${url} to answer`, timeoutMs: START_TIMEOUT_MS },
  ).catch(() => `did not answer within ${START_TIMEOUT_MS / 1000} s`);
  if (answer === true) return;
  const log = await readFile(logFile(paths), "utf8").catch(() => "");
  const lines = log.trimEnd().split("\n").slice(-LOG_LINES).join("\n");
  throw new Error(`the fake GitLab at ${url} ${answer}; the end of ${logFile(paths)}:\n${lines}`);
}

/** Ends the fake GitLab, which then forgets its runners and jobs. */
export async function removeGitlab({ paths }: Context): Promise<void> {
  await stopDaemon(mark(paths));
  await removeTree(join(paths.state, "gitlab"));
}

function start({ paths }: Context, port: number, hostAddress: string, tokenFile: string): void {
  startDaemon({
    daemonId: mark(paths),
    file: process.execPath,
    args: [
      ...["--import", "tsx", join(paths.project, "fake-gitlab/main.ts")],
      ...["--host", hostAddress, "127.0.0.1", "--port", String(port)],
      ...["--external-url", `http://${hostAddress}:${port}`],
      ...["--admin-token-file", tokenFile],
      ...["--snapshot", join(paths.state, "gitlab/state.json")],
    ],
    cwd: paths.project,
    logFile: logFile(paths),
    isPrivate: true,
  });
}

const logFile = ({ logs }: Paths): string => join(logs, "gitlab.log");

async function acceptsToken(url: string, token: string): Promise<boolean> {
  const response = await fetch(`${url}/api/v4/user`, {
    headers: { "PRIVATE-TOKEN": token },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  await response.body?.cancel();
  return response.ok;
}
