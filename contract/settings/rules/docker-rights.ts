import { detectTokenKind } from "../../token";
import { listRootSettings } from "./root-settings";
import type { Rule, RuleInput } from "./rule";

/** gitlab-runner fails every job whose user is not allowed, also one that it sets itself. */
const allowUser: Rule = ({ value, show, name }) => {
  const [user, allowed = []] = [value("docker.user"), value("docker.allowedUsers")];
  return user === undefined || allowed.length === 0 || allowed.includes(user)
    ? {}
    : {
        problems: [
          `${show("docker.user")} must be one of ${show("docker.allowedUsers")} in the same form, or every job fails: add it to ${name("docker.allowedUsers")}, or change ${name("docker.user")}`,
        ],
      };
};

const addOrDropCapability: Rule = ({ value, show }) => {
  const dropped = value("docker.capDrop") ?? [];
  const both = (value("docker.capAdd") ?? []).filter((one) => dropped.includes(one));
  return both.length === 0
    ? {}
    : {
        problems: [
          `${show("docker.capAdd")} and ${show("docker.capDrop")} must not have the same capabilities: remove ${both.join(" and ")} from one of them`,
        ],
      };
};

const requirePrivileged: Rule = (settings) => {
  const { value, show, name } = settings;
  const images = value("docker.allowedPrivilegedImages") ?? [];
  const services = value("docker.allowedPrivilegedServices") ?? [];
  return {
    problems: [
      ...(images.length > 0 && value("docker.privileged") !== true
        ? [
            `${show("docker.allowedPrivilegedImages")} requires ${name("docker.privileged")}, which is false: set it to true, or unset ${name("docker.allowedPrivilegedImages")}`,
          ]
        : []),
      ...(services.length > 0 && !hasPrivilegedServices(settings)
        ? [
            `${show("docker.allowedPrivilegedServices")} requires privileged services, but ${name(value("docker.servicesPrivileged") === undefined ? "docker.privileged" : "docker.servicesPrivileged")} is false: set ${name("docker.servicesPrivileged")} to true, or unset ${name("docker.allowedPrivilegedServices")}`,
          ]
        : []),
    ],
  };
};

function hasPrivilegedServices({ value }: RuleInput): boolean {
  return value("docker.servicesPrivileged") ?? value("docker.privileged") === true;
}

/** A privileged container has all capabilities, whatever is added or dropped. */
const warnOfUselessCapabilities: Rule = ({ value, show }) => {
  const isForAll = (value("docker.allowedPrivilegedImages") ?? []).length === 0;
  if (value("docker.privileged") !== true || !isForAll) return {};
  const keys = (["docker.capAdd", "docker.capDrop"] as const).filter(
    (key) => (value(key) ?? []).length > 0,
  );
  return {
    warnings: keys.map(
      (key) =>
        `${show(key)} has no effect with ${show("docker.privileged")}: a privileged container has all capabilities`,
    ),
  };
};

/** On a runner that is not protected, anyone who can push a branch can run a job. */
const warnOfRootJobs: Rule = (settings) => {
  const { value, isSet, show, name } = settings;
  const causes = listRootSettings(settings);
  if (causes.length === 0 || value("protected") === true) return {};
  const text = `${causes.join(" and ")} ${causes.length === 1 ? "gives" : "give"} jobs root access to the node`;
  const isSupplied = !isSet("runnerScope") && resolveKind(settings) !== "registration";
  return {
    warnings: [
      isSupplied
        ? `${text}: check on the runner's page in GitLab that it is protected, so that only jobs of protected branches and tags run on it`
        : `${text}, and ${show("protected")} lets jobs of all branches run: set ${name("protected")} to true unless you trust everyone who can push`,
    ],
  };
};

function resolveKind({ value }: RuleInput): string | undefined {
  const token = value("token");
  return value("tokenKind") ?? (token === undefined ? undefined : detectTokenKind(token));
}

const warnOfGpus: Rule = ({ value, show }) => ({
  warnings: (["docker.gpus", "docker.serviceGpus"] as const)
    .filter((key) => value(key) !== undefined)
    .map(
      (key) =>
        `${show(key)} requires GPUs and their driver on every node that runs a replica, which Swarm does not check`,
    ),
});

/** gitlab-runner reads the file of a profile in the replica, not on the node. */
const warnOfProfileFile: Rule = ({ value, name }) => ({
  warnings: (["docker.securityOpt", "docker.servicesSecurityOpt"] as const).flatMap((key) =>
    (value(key) ?? [])
      .filter((option) => option.startsWith("seccomp=/"))
      .map(
        (option) =>
          `${name(key)} (${option}) requires that file in the runner image, or every job fails: add it to your own base image, or pass the profile itself as JSON`,
      ),
  ),
});

/** Rules about what jobs and services may do. */
export const DOCKER_RIGHTS_RULES: readonly Rule[] = [
  allowUser,
  addOrDropCapability,
  requirePrivileged,
  warnOfUselessCapabilities,
  warnOfRootJobs,
  warnOfGpus,
  warnOfProfileFile,
];
