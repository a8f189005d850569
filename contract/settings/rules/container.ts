import { pathsCollide } from "../../reserved-paths";
import { DOCKER_CONFIG_FOLDER } from "../../replica-paths";
import { findEngineSocket } from "../engine-socket";
import type { Rule } from "./rule";

/** Swarm attaches a replica to a network only once. */
const attachOnce: Rule = ({ value, show, name }) => {
  const network = value("network");
  return network?.kind === "existing" && value("networks")?.includes(network.name) === true
    ? {
        problems: [
          `${name("networks")} must not contain ${show("network")}, to which the replicas are attached already: remove it from ${name("networks")}`,
        ],
      }
    : {};
};

/** The replicas reach the engine of the jobs through its socket. */
const keepSocket: Rule = ({ value, name }) => {
  const socket = findEngineSocket({
    executor: value("executor"),
    docker: { host: value("docker.host") },
  });
  const mount =
    socket === undefined
      ? undefined
      : value("mounts")?.find(({ target }) => pathsCollide(target, socket));
  return mount === undefined
    ? {}
    : {
        problems: [
          `${name("mounts")} must not mount at ${mount.target}, because the replicas of the docker executor have the engine's socket at ${socket ?? ""}: remove the mount; to use another engine, set ${name("docker.host")}`,
        ],
      };
};

/** A replica makes a link to the logins in its own folder. */
const keepLogins: Rule = ({ value, isSet, name }) =>
  isSet("jobRegistries") &&
  value("mounts")?.some(({ target }) => pathsCollide(target, DOCKER_CONFIG_FOLDER)) === true
    ? {
        problems: [
          `${name("mounts")} must not mount at ${DOCKER_CONFIG_FOLDER}, where the replicas keep the logins of ${name("jobRegistries")}: remove the mount or ${name("jobRegistries")}`,
        ],
      }
    : {};

/** Docker gives the containers of an internal network no way to other machines. */
const warnOfNoWayOut: Rule = ({ value, isSet, name }) => {
  const network = value("network");
  return network?.kind === "created" && network.internal === true && !isSet("networks")
    ? {
        warnings: [
          `${name("network")} is internal, so the replicas reach only containers that are attached to it too: attach GitLab or a proxy to it, or add a network with a way to GitLab to ${name("networks")}`,
        ],
      }
    : {};
};

/** Rules about the containers of the replicas. */
export const CONTAINER_RULES: readonly Rule[] = [
  attachOnce,
  keepSocket,
  keepLogins,
  warnOfNoWayOut,
];
