import { spawn } from "node:child_process";
import * as z from "zod/mini";

/** How long a helper may take. Some request a token from a cloud. */
const TIMEOUT_MS = 30_000;

/** A helper's answer about a registry. */
export type HelperAnswer =
  | { readonly kind: "login"; readonly username: string; readonly secret: string }
  | { readonly kind: "no login" }
  | { readonly kind: "failed"; readonly reason: string };

const login = z.object({ Username: z.string(), Secret: z.string() });

/**
 * Asks a docker credential helper for a login: `docker-credential-NAME get`, with the registry on
 * standard input.
 * @param server the key under which `docker login` stores the login
 */
export async function askHelper(
  helper: string,
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<HelperAnswer> {
  const program = `docker-credential-${helper}`;
  const { code, output } = await run(program, server, env);
  const answer = output.trim();
  if (code === 0) {
    const parsed = login.safeParse(parseJson(answer));
    return parsed.success && parsed.data.Secret !== ""
      ? { kind: "login", username: parsed.data.Username, secret: parsed.data.Secret }
      : { kind: "failed", reason: `${program} did not return a login` };
  }
  // All helpers use these words. Docker checks for them, too.
  if (/credentials not found|no credentials/i.test(answer)) return { kind: "no login" };
  const [line = ""] = answer.split("\n");
  return {
    kind: "failed",
    reason: `${program} failed${line === "" ? "" : `: ${line.slice(0, 200)}`}`,
  };
}

interface Ended {
  readonly code: number;
  /** Standard output. A helper also writes its errors there. */
  readonly output: string;
}

function run(
  program: string,
  input: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, ["get"], {
      env: { ...env },
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
      stdio: ["pipe", "pipe", "ignore"],
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", ({ message }) => {
      resolve({ code: -1, output: message });
    });
    child.on("close", (code, signal) => {
      const output = Buffer.concat(chunks).toString("utf8");
      resolve(
        signal === null
          ? { code: code ?? -1, output }
          : { code: -1, output: `no answer within ${TIMEOUT_MS / 1000} s` },
      );
    });
    // If the helper exits without reading its input, its exit code shows the error.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
