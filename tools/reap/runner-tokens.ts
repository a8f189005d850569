import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { REPLICA_ENV } from "../../contract/replica-env";
import { runPulumi } from "../run-pulumi";

/** Longest wait for the stack's state (ms). */
const LIMIT = 60_000;

const SECRET_TYPE = "docker:index/secret:Secret";

const exportSchema = z.object({
  deployment: z.object({
    resources: z.nullish(
      z.array(
        z.object({ type: z.string(), inputs: z.optional(z.record(z.string(), z.unknown())) }),
      ),
    ),
  }),
});

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The runner tokens at hand: RUNNER_CI_TOKEN, RUNNER_CI_TOKEN_FILE, and those that the stack of the current folder keeps for its
 * replicas. GitLab lets nobody else remove a manager, not even an administrator. They are not shown and not kept.
 */
export async function findRunnerTokens(env: Env): Promise<readonly string[]> {
  const file = env[`${REPLICA_ENV.token}_FILE`];
  const given = [
    env[REPLICA_ENV.token],
    file === undefined || file === "" ? undefined : await readFile(file, "utf8"),
  ];
  const tokens = [...given, ...(await tokensOfStack(env))];
  return [...new Set(tokens.map((token) => token?.trim() ?? "").filter((token) => token !== ""))];
}

/** The token secrets in the state of the selected stack; none where there is no Pulumi, or no stack. */
async function tokensOfStack(env: Env): Promise<readonly string[]> {
  const args = ["stack", "export", "--show-secrets"];
  const { exitCode, stdout } = await runPulumi(args, env, LIMIT);
  if (exitCode !== 0) return [];
  const { deployment } = z.parse(exportSchema, JSON.parse(stdout));
  return (deployment.resources ?? [])
    .filter(({ type }) => type === SECRET_TYPE)
    .flatMap(({ inputs }) => {
      const data = plaintextOf(inputs?.["data"]);
      return data === undefined ? [] : [Buffer.from(data, "base64").toString("utf8")];
    });
}

/** A secret in a state that is exported with its secrets shown: its JSON, in a text. */
function plaintextOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const plaintext = (value as { readonly plaintext?: unknown } | undefined)?.plaintext;
  if (typeof plaintext !== "string") return undefined;
  const text: unknown = JSON.parse(plaintext);
  return typeof text === "string" ? text : undefined;
}
