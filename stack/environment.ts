import { isPath, detectMistake } from "../contract/likely-mistakes";
import { envOf, fileEnvOf, SECRET_KEYS, SETTING_KEYS } from "../contract/settings/keys";
import { describeUnknownVariables } from "../contract/variable-names";

type Env = Readonly<Record<string, string | undefined>>;

/** Variables that GitHub Actions and compatible CI hosts set for their jobs. */
const CI_HOST_VARIABLES = new Set([
  ...["RUNNER_OS", "RUNNER_ARCH", "RUNNER_TEMP", "RUNNER_TOOL_CACHE", "RUNNER_WORKSPACE"],
  ...["RUNNER_DEBUG", "RUNNER_TRACKING_ID", "RUNNER_USER", "RUNNER_PERFLOG"],
  ...["RUNNER_ALLOW_RUNASROOT", "RUNNER_MANUALLY_TRAP_SIG", "RUNNER_IMAGE_OS", "RUNNER_UID"],
]);

/** Prefix of variables that GitLab sets for its jobs. */
const GITLAB_JOB_PREFIX = "CI_SERVER_";

/** Variables that only the image reads, with the rest of a sentence about each. */
const IMAGE_VARIABLES: Readonly<Record<string, string>> = Object.fromEntries(
  SECRET_KEYS.map((key) => [
    fileEnvOf(key),
    `is read only by the image: set ${envOf(key)} to the content of the file`,
  ]),
);

const RUNNER_NAME = envOf("runnerName");

const RUNNER_ENVIRONMENT = envOf("environment");

/** Values of RUNNER_ENVIRONMENT in GitHub Actions. They cannot be variables of jobs. */
const GITHUB_ENVIRONMENTS: readonly (string | undefined)[] = ["github-hosted", "self-hosted"];

/** The environment to read settings from, with problems and warnings about the other variables. */
export interface ReadEnvironment {
  readonly env: Env;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Separates the variables of settings from those of a CI host, and finds misspelled ones. */
export function readEnvironment(given: Env): ReadEnvironment {
  const isGithub = isSetByGithub(given);
  const isEnvironment = !GITHUB_ENVIRONMENTS.includes(given[RUNNER_ENVIRONMENT]);
  const env = {
    ...given,
    ...(isGithub ? { [RUNNER_NAME]: undefined } : {}),
    ...(isEnvironment ? {} : { [RUNNER_ENVIRONMENT]: undefined }),
  };
  return {
    env,
    problems: checkAccessToken(given["GITLAB_TOKEN"]),
    warnings: [
      ...(isGithub
        ? [
            `${RUNNER_NAME} is ignored: GitHub Actions sets it to the name of the machine that runs the job. Set \`runnerName\` in the stack config to name the pool's runners.`,
          ]
        : []),
      ...findMisspelledVariables(env),
    ],
  };
}

/** GitHub Actions sets RUNNER_NAME for every job, and a job cannot override it. */
function isSetByGithub(env: Env): boolean {
  const name = env[RUNNER_NAME];
  if (name === undefined || name === "") return false;
  return env["GITHUB_ACTIONS"] === "true" || /^(?:GitHub Actions \d+|Hosted Agent)$/.test(name);
}

function findMisspelledVariables(env: Env): readonly string[] {
  const known = SETTING_KEYS.map(envOf);
  const inJob = env["GITLAB_CI"] === "true";
  const candidates = Object.entries(env).filter(
    ([name]) =>
      !CI_HOST_VARIABLES.has(name) &&
      !(inJob && name.startsWith(GITLAB_JOB_PREFIX)) &&
      !isDockerVariable(name),
  );
  return describeUnknownVariables(Object.fromEntries(candidates), known).map((sentence) => {
    const [name = ""] = sentence.split(" ");
    return Object.hasOwn(IMAGE_VARIABLES, name)
      ? `${name} ${IMAGE_VARIABLES[name] ?? ""}.`
      : sentence;
  });
}

/** Whether other tools on a user's machine may use the name, too. */
function isDockerVariable(name: string): boolean {
  return name.startsWith("DOCKER_");
}

/** @param token the access token for GitLab's API, which is not a setting */
function checkAccessToken(token: string | undefined): readonly string[] {
  if (token === undefined || token === "") return [];
  const mistake = isPath(token)
    ? "the path of a file: change the type of the GitLab CI/CD variable from File to Variable"
    : detectMistake(token);
  return mistake === undefined ? [] : [`GITLAB_TOKEN must be an access token, not ${mistake}`];
}
