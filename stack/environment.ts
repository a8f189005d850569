import { isPath, detectMistake } from "../contract/likely-mistakes";
import { envOf, fileEnvOf, SECRET_KEYS, SETTING_KEYS } from "../contract/settings/keys";
import { describeUnknownVariables } from "../contract/variable-names";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Variables that the hosts of pipelines set for their own jobs: GitHub Actions and what is made
 * like it.
 */
const OF_A_HOST = new Set([
  ...["RUNNER_OS", "RUNNER_ARCH", "RUNNER_TEMP", "RUNNER_TOOL_CACHE", "RUNNER_WORKSPACE"],
  ...["RUNNER_DEBUG", "RUNNER_ENVIRONMENT", "RUNNER_TRACKING_ID", "RUNNER_USER", "RUNNER_PERFLOG"],
  ...["RUNNER_ALLOW_RUNASROOT", "RUNNER_MANUALLY_TRAP_SIG", "RUNNER_IMAGE_OS", "RUNNER_UID"],
]);

/** Variables that a job of GitLab has from GitLab. */
const OF_A_GITLAB_JOB = "CI_SERVER_";

/** Variables of a job that this program cannot use, and what to do in place of it. */
const OF_A_REPLICA: Readonly<Record<string, string>> = Object.fromEntries(
  SECRET_KEYS.map((key) => [
    fileEnvOf(key),
    `is read only by the image: set ${envOf(key)} to the content of the file`,
  ]),
);

const RUNNER_NAME = envOf("runnerName");

/** The environment as far as it is meant for the settings, and sentences about the rest. */
export interface ReadEnvironment {
  readonly env: Env;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Tells variables of settings from those that the host of a pipeline sets, and mistyped ones from
 * both.
 */
export function readEnvironment(given: Env): ReadEnvironment {
  const foreign = isOfGithub(given);
  const env = foreign ? { ...given, [RUNNER_NAME]: undefined } : given;
  return {
    env,
    problems: accessTokenProblems(given["GITLAB_TOKEN"]),
    warnings: [
      ...(foreign
        ? [
            `${RUNNER_NAME} is ignored: GitHub Actions sets it to the name of the machine that runs the job. Set \`runnerName\` in the stack config to name the pool's runners.`,
          ]
        : []),
      ...mistyped(env),
    ],
  };
}

/** GitHub Actions sets RUNNER_NAME for every job, and a job cannot set it to something else. */
function isOfGithub(env: Env): boolean {
  const name = env[RUNNER_NAME];
  if (name === undefined || name === "") return false;
  return env["GITHUB_ACTIONS"] === "true" || /^(?:GitHub Actions \d+|Hosted Agent)$/.test(name);
}

function mistyped(env: Env): readonly string[] {
  const known = SETTING_KEYS.map(envOf);
  const inJob = env["GITLAB_CI"] === "true";
  const ours = Object.entries(env).filter(
    ([name]) =>
      !OF_A_HOST.has(name) && !(inJob && name.startsWith(OF_A_GITLAB_JOB)) && !isOfDocker(name),
  );
  return describeUnknownVariables(Object.fromEntries(ours), known).map((sentence) => {
    const [name = ""] = sentence.split(" ");
    return Object.hasOwn(OF_A_REPLICA, name) ? `${name} ${OF_A_REPLICA[name] ?? ""}.` : sentence;
  });
}

/** Names that gitlab-runner shares with much else on a machine where people deploy. */
function isOfDocker(name: string): boolean {
  return name.startsWith("DOCKER_");
}

/** @param token the access token of GitLab, which is not a setting */
function accessTokenProblems(token: string | undefined): readonly string[] {
  if (token === undefined || token === "") return [];
  const like = isPath(token)
    ? "the path of a file: change the type of the GitLab CI/CD variable from File to Variable"
    : detectMistake(token);
  return like === undefined ? [] : [`GITLAB_TOKEN must be an access token, not ${like}`];
}
