import { DEFAULT_BUILDS_DIR, findSharedBuilds } from "../../build-paths";
import { findFlagWarnings } from "../../feature-flags";
import { isLoopback } from "../../gitlab-url";
import {
  findEnvironmentWarnings,
  findRepeatedNames,
  findServiceWarning,
} from "../../job-environment";
import { compareVersions, parseRunnerVersion } from "../../version";
import type { Rule } from "./rule";

/** A variable has one value. */
const rejectRepeatedVariables: Rule = ({ value, name }) => {
  const repeated = findRepeatedNames(value("environment"), value("secretEnvironment"));
  return repeated.length === 0
    ? {}
    : {
        problems: [
          `${name("environment")} and ${name("secretEnvironment")} must not both set ${repeated.join(", ")}: remove the variable from one of them`,
        ],
      };
};

const warnOfVariables: Rule = ({ value, name }) => ({
  warnings: (["environment", "secretEnvironment"] as const).flatMap((key) =>
    findEnvironmentWarnings(value(key) ?? {}, key === "secretEnvironment").map(
      (text) => `${name(key)} ${text}`,
    ),
  ),
});

const warnOfServiceVariables: Rule = ({ value, name }) => ({
  warnings: (value("docker.services") ?? []).flatMap(({ name: image, environment = {} }) => {
    const warning = findServiceWarning(image, environment);
    return warning === undefined ? [] : [`${name("docker.services")} ${warning}`];
  }),
});

const warnOfFlags: Rule = ({ value, name }) => ({
  warnings: findFlagWarnings(value("featureFlags") ?? {}).map(
    (text) => `${name("featureFlags")} ${text}`,
  ),
});

/** GitLab ends a job at `maximumTimeout`, so a longer stage cannot happen. */
const warnOfLongStages: Rule = ({ value, show, name }) => ({
  warnings: (["prepareTimeout", "getSourcesTimeout"] as const).flatMap((key) => {
    const [stage, maximum] = [value(key), value("maximumTimeout")];
    return stage === undefined || maximum === undefined || stage <= maximum
      ? []
      : [
          `${show(key)} is longer than ${show("maximumTimeout")} and has no effect: lower ${name(key)}`,
        ];
  }),
});

/** The first versions of gitlab-runner that have a key. An older one ignores it. */
const FIRST_VERSIONS = [
  ["prepareTimeout", { major: 19, minor: 0 }],
  ["getSourcesTimeout", { major: 19, minor: 1 }],
] as const;

/** The program knows the base image of a stack, but not what the image of a component holds. */
const rejectOldRunner: Rule = ({ value, isSet, show }) => {
  const version = parseRunnerVersion(value("baseImage") ?? "");
  return {
    problems: FIRST_VERSIONS.flatMap(([key, first]) =>
      isSet(key) && value(key) !== undefined && compareVersions(version, first) < 0
        ? [
            `${show(key)} requires gitlab-runner ${first.major}.${first.minor}, but ${show("baseImage")} is older: use a newer image, or unset the setting`,
          ]
        : [],
    ),
  };
};

const rejectLoopbackClone: Rule = ({ value, show }) => {
  const url = value("cloneUrl");
  return url !== undefined && isLoopback(url)
    ? {
        problems: [
          `${show("cloneUrl")} must not be a loopback address: use the host name or address at which jobs reach GitLab`,
        ],
      }
    : {};
};

/** Each job of the docker executor has its own container, so only shell jobs can collide. */
const rejectSharedCustomFolders: Rule = ({ value, isSet, show }) => {
  const isShared = value("executor") === "shell" && (value("concurrent") ?? 1) > 1;
  return isShared && isSet("customBuildDir") && value("customBuildDir") === true
    ? {
        problems: [
          `${show("customBuildDir")} requires ${show("concurrent")} to be 1 with ${show("executor")}, because two jobs could choose the same folder: unset one of them`,
        ],
      }
    : {};
};

/**
 * gitlab-runner names a working tree after the runner and the number of the job in the replica, and
 * replicas share the runner.
 */
const warnOfSharedBuilds: Rule = ({ value, show, name }) => {
  const folder = value("buildsDir");
  const volume = findSharedBuilds(value("docker.volumes") ?? [], folder);
  if (volume === undefined) return {};
  const builds = folder === undefined ? DEFAULT_BUILDS_DIR : show("buildsDir");
  return {
    warnings: [
      `${show("docker.volumes")} puts the working trees in ${builds} into a folder or volume of the node, where jobs of two replicas on the same node overwrite each other's files: remove ${JSON.stringify(volume)}, or set another ${name("buildsDir")}`,
    ],
  };
};

/** Rules about what jobs get. */
export const JOB_RULES: readonly Rule[] = [
  rejectRepeatedVariables,
  warnOfVariables,
  warnOfServiceVariables,
  warnOfFlags,
  warnOfLongStages,
  rejectOldRunner,
  rejectLoopbackClone,
  rejectSharedCustomFolders,
  warnOfSharedBuilds,
];
