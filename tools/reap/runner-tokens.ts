import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import { getSecretFile } from "../../contract/replica-paths";
import { SETTINGS_ENV, expandSettings } from "../../contract/replica-env";
import { envOf, fileEnvOf } from "../../contract/settings/keys";
import { isSameGitlab } from "../gitlab/token-scope";
import { PULUMI } from "../../pulumi-cli/commands";
import { runPulumi } from "../../pulumi-cli/run";

/** Timeout for reading the stack's state. */
const EXPORT_TIMEOUT_MS = 60_000;

const SECRET_TYPE = "docker:index/secret:Secret";
const SERVICE_TYPE = "docker:index/service:Service";

const exportSchema = z.object({
  deployment: z.object({
    resources: z.nullish(
      z.array(
        z.object({
          type: z.string(),
          id: z.optional(z.string()),
          inputs: z.optional(z.record(z.string(), z.unknown())),
        }),
      ),
    ),
  }),
});

type Resource = NonNullable<z.infer<typeof exportSchema>["deployment"]["resources"]>[number];

const serviceSchema = z.object({
  taskSpec: z.object({
    containerSpec: z.object({
      env: z.record(z.string(), z.unknown()),
      secrets: z.array(z.object({ secretId: z.string(), fileName: z.string() })),
    }),
  }),
});

type Env = Readonly<Record<string, string | undefined>>;

/** A runner's token, and the only GitLab to which it may be sent. */
export interface RunnerToken {
  readonly token: string;
  readonly gitlabUrl: string;
}

/**
 * Finds the available runner tokens of one GitLab: RUNNER_CI_TOKEN, RUNNER_CI_TOKEN_FILE, and those
 * that the stack in the current folder stores for its replicas. GitLab lets nobody else remove a
 * manager, not even an administrator. The tokens are neither displayed nor stored.
 * @param gitlabUrl where the tokens will be sent; those in the environment belong to RUNNER_CI_URL,
 * if it is set
 */
export async function findRunnerTokens(env: Env, gitlabUrl: string): Promise<readonly string[]> {
  const file = env[fileEnvOf("token")];
  const home = env[envOf("gitlabUrl")]?.trim() ?? "";
  const given = [
    env[envOf("token")],
    file === undefined || file === "" ? undefined : await readFile(file, "utf8"),
  ].map((token) => ({ token: token ?? "", gitlabUrl: home === "" ? gitlabUrl : home }));
  const tokens = [...given, ...(await readStackTokens(env))]
    .filter((one) => isSameGitlab(one.gitlabUrl, gitlabUrl))
    .map(({ token }) => token.trim());
  return [...new Set(tokens.filter((token) => token !== ""))];
}

/**
 * Reads the runner tokens in the state of the selected stack; empty if there is no Pulumi or no
 * stack.
 */
async function readStackTokens(env: Env): Promise<readonly RunnerToken[]> {
  const args = PULUMI.exportState("--show-secrets");
  const { exitCode, stdout } = await runPulumi(args, { env, timeoutMs: EXPORT_TIMEOUT_MS });
  return exitCode === 0 ? tokensInState(stdout) : [];
}

/**
 * Finds the tokens in a stack's state that was exported with plain secrets. Only a secret that a
 * pool's service mounts as its token counts. It belongs to the GitLab that this service names.
 */
export function tokensInState(state: string): readonly RunnerToken[] {
  const { deployment } = z.parse(exportSchema, JSON.parse(state));
  const resources = deployment.resources ?? [];
  const secrets = resources.filter(({ type }) => type === SECRET_TYPE);
  return resources
    .filter(({ type }) => type === SERVICE_TYPE)
    .flatMap(mountedToken)
    .flatMap(({ secretId, gitlabUrl }) =>
      secrets
        .filter(({ id }) => id === secretId)
        .flatMap(({ inputs }) => readPlaintext(inputs?.["data"]) ?? [])
        .map((data) => ({ token: Buffer.from(data, "base64").toString("utf8"), gitlabUrl })),
    );
}

/**
 * Finds the secret that a service mounts as its replicas' token, and their GitLab; nothing if the
 * service is not a pool.
 */
function mountedToken({ inputs }: Resource): readonly {
  readonly secretId: string;
  readonly gitlabUrl: string;
}[] {
  const parsed = serviceSchema.safeParse(inputs);
  if (!parsed.success) return [];
  const { env, secrets } = parsed.data.taskSpec.containerSpec;
  const gitlabUrl = settingsIn(env)[envOf("gitlabUrl")];
  if (gitlabUrl === undefined) return [];
  return secrets
    .filter(({ fileName }) => fileName === getSecretFile("token"))
    .map(({ secretId }) => ({ secretId, gitlabUrl }));
}

function settingsIn(env: Readonly<Record<string, unknown>>): Env {
  const held = env[SETTINGS_ENV];
  try {
    return typeof held === "string" ? expandSettings({ [SETTINGS_ENV]: held }) : {};
  } catch {
    return {};
  }
}

/** Reads a secret, which is JSON in a string, in a state that was exported with plain secrets. */
function readPlaintext(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const plaintext = (value as { readonly plaintext?: unknown } | undefined)?.plaintext;
  if (typeof plaintext !== "string") return undefined;
  const text: unknown = JSON.parse(plaintext);
  return typeof text === "string" ? text : undefined;
}
