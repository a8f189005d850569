import {
  compareVersions,
  parseRunnerVersion,
  parseVersion,
  type Version,
} from "../../../contract/version";
import { failed, passed, warned, type Result } from "../outcome";

/** The oldest Pulumi whose engine runs the program. */
const OLDEST_PULUMI: Version = { major: 3, minor: 208 };

/** The versions of everything that takes part. */
export interface Versions {
  /** Such as `20.20.2`. */
  readonly node: string;
  /** Undefined if `pulumi` cannot be started. */
  readonly pulumi: string | undefined;
  /** Undefined if the engine did not answer. */
  readonly engineApi: string | undefined;
  /** Undefined if the settings are invalid. */
  readonly baseImage: string | undefined;
  /** By URL; undefined if a version is unknown. Empty if GitLab did not answer. */
  readonly gitlab: ReadonlyMap<string, string | undefined>;
}

/** Compares the versions. */
export function checkVersions(versions: Versions): Result<undefined> {
  const { node, pulumi, engineApi, baseImage, gitlab } = versions;
  const runner = baseImage === undefined ? undefined : parseRunnerVersion(baseImage);
  const problems = [describeNode(node), describePulumi(pulumi)].filter(
    (problem) => problem !== undefined,
  );
  if (problems.length > 0) return failed(...problems);
  const found = [
    `Node.js ${node}`,
    `Pulumi ${pulumi ?? "unknown"}`,
    `engine API ${engineApi ?? "unknown"}`,
    `gitlab-runner ${format(runner)}`,
    ...describeGitlabs(gitlab),
  ].join(", ");
  const warnings = [...gitlab.values()].flatMap((text) =>
    text === undefined ? [] : (compareRunner(runner, parseVersion(text), text) ?? []),
  );
  return warnings.length === 0
    ? passed(found)
    : warned(`${found}: ${[...new Set(warnings)].join("; ")}`);
}

function describeGitlabs(gitlab: Versions["gitlab"]): readonly string[] {
  const known = [...gitlab.values()].map((version) => `GitLab ${version ?? "unknown"}`);
  return known.length === 0 ? ["GitLab unknown"] : [...new Set(known)];
}

/** The versions that package.json requires: `^20.19 || ^22.13 || >=24`. */
function describeNode(text: string): string | undefined {
  const version = parseVersion(text);
  if (version === undefined || isSupportedNode(version)) return undefined;
  return `Node.js ${text} is not supported: install Node.js 20.19+, 22.13+ or 24+`;
}

function isSupportedNode({ major, minor }: Version): boolean {
  return major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19);
}

function describePulumi(text: string | undefined): string | undefined {
  if (text === undefined) {
    return "`pulumi` cannot be started: install it (https://www.pulumi.com/docs/install) and put it on PATH";
  }
  return compareVersions(parseVersion(text), OLDEST_PULUMI) < 0
    ? `Pulumi ${text} is too old: install Pulumi ${OLDEST_PULUMI.major}.${OLDEST_PULUMI.minor} or later`
    : undefined;
}

/**
 * Compares gitlab-runner with GitLab by GitLab's rule: the major and minor versions should match. A
 * runner of the same major version may be older.
 */
function compareRunner(
  runner: Version | undefined,
  gitlab: Version | undefined,
  shown: string,
): string | undefined {
  if (runner === undefined || gitlab === undefined) return undefined;
  const advice = `set \`baseImage\` to an image of gitlab-runner ${gitlab.major}.${gitlab.minor}`;
  if (compareVersions(runner, gitlab) > 0) {
    return `gitlab-runner ${format(runner)} is newer than GitLab ${shown}, which may not support it: ${advice}`;
  }
  return runner.major < gitlab.major
    ? `gitlab-runner ${format(runner)} has an older major version than GitLab ${shown}: ${advice}`
    : undefined;
}

function format(version: Version | undefined): string {
  return version === undefined ? "unknown" : `${version.major}.${version.minor}`;
}
