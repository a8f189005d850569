import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./context";
import { findDaemon, startDaemon, stopDaemon } from "./daemons";
import { eventually } from "./eventually";
import { exists, removeTree, writeFileWhole } from "./files";
import { connectControl, type Controls } from "./gitlab";
import type { Paths } from "./paths";
import { choosePort } from "./ports";

const PORT = 8929;
const START_TIMEOUT_MS = 30_000;
const TOKEN_BYTES = 15;

/** The platform's GitLab stand-in, in a process of its own. */
export interface GitlabServer {
  /** As replicas and people reach it. */
  readonly url: string;
  /** File with a personal access token of an administrator. */
  readonly tokenFile: string;
  readonly controls: Controls;
}

const mark = ({ state }: Paths): string => `${state} gitlab`;

/**
 * Starts the stand-in if it does not run. Its state outlives it, until `npm run demo:down`.
 * @param hostAddress address of this machine as containers see it
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
    await writeFileWhole(tokenFile, `${token}\n`, 0o600);
  }
  const { gitlabPort } = await record.read();
  let port = gitlabPort ?? PORT;
  if (gitlabPort === undefined || (await findDaemon(mark(paths))).length === 0) {
    note("starting the GitLab stand-in");
    port = await choosePort(port);
    await record.change((all) => ({ ...all, gitlabPort: port }));
    await stopDaemon(mark(paths));
    start(context, port, hostAddress, tokenFile);
  }
  const url = `http://${hostAddress}:${port}`;
  const token = (await readFile(tokenFile, "utf8")).trim();
  await eventually(() => acceptsToken(url, token), {
    what: `GitLab's stand-in at ${url} to answer (its log: ${logFile(paths)})`,
    timeoutMs: START_TIMEOUT_MS,
  });
  const controls = connectControl(url, { token });
  // A held job request keeps an idle replica from leaving for up to 50 s; on this platform a scaling is seen at once.
  await controls.setSwitches({ longPollSeconds: 0 });
  return { url, tokenFile, controls };
}

/** Ends the stand-in; it forgets its runners and jobs. */
export async function removeGitlab({ paths }: Context): Promise<void> {
  await stopDaemon(mark(paths));
  await removeTree(join(paths.state, "gitlab"));
}

function start({ paths }: Context, port: number, hostAddress: string, tokenFile: string): void {
  startDaemon({
    mark: mark(paths),
    file: process.execPath,
    args: [
      ...["--import", "tsx", join(paths.project, "local/gitlab/main.ts")],
      ...["--host", "0.0.0.0", "--port", String(port)],
      ...["--external-url", `http://${hostAddress}:${port}`],
      ...["--admin-token-file", tokenFile],
      ...["--snapshot", join(paths.state, "gitlab/state.json")],
    ],
    cwd: paths.project,
    logFile: logFile(paths),
  });
}

const logFile = ({ logs }: Paths): string => join(logs, "gitlab.log");

async function acceptsToken(url: string, token: string): Promise<boolean> {
  const response = await fetch(`${url}/api/v4/user`, { headers: { "PRIVATE-TOKEN": token } });
  await response.body?.cancel();
  return response.ok;
}
