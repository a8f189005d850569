import type { Setting } from "../setting";
import { capabilities } from "../types/capabilities";
import { containerRuntime } from "../types/container-runtime";
import { deviceCgroupRules, devices } from "../types/devices";
import { gpus } from "../types/gpus";
import { imagePatterns } from "../types/image-patterns";
import { boolean, oneOf } from "../types/plain";
import { securityOptions } from "../types/security-options";
import { containerGroups, containerUser, containerUsers } from "../types/users";

/** The docker executor: rights. */
export const DOCKER_RIGHTS_ROWS = {
  "docker.privileged": {
    topic: "Docker executor: rights",
    type: boolean,
    scope: "replica",
    default: false,
    executor: "docker",
    toml: "runners.docker.privileged",
    description: "Run job containers in privileged mode, which gives jobs root access to the node.",
  },
  "docker.servicesPrivileged": {
    topic: "Docker executor: rights",
    type: boolean,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.services_privileged",
    description:
      "Run the containers of services in privileged mode, for example for Docker-in-Docker. Default: as `docker.privileged`.",
  },
  "docker.allowedPrivilegedImages": {
    topic: "Docker executor: rights",
    type: imagePatterns,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.allowed_privileged_images",
    description:
      "Patterns of the images that run in privileged mode; other images run without it. Requires `docker.privileged`.",
  },
  "docker.allowedPrivilegedServices": {
    topic: "Docker executor: rights",
    type: imagePatterns,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.allowed_privileged_services",
    description:
      "Patterns of the services that run in privileged mode. Requires `docker.privileged` or `docker.servicesPrivileged`.",
  },
  "docker.capAdd": {
    topic: "Docker executor: rights",
    type: capabilities,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.cap_add",
    description:
      "Linux capabilities that job containers get in addition to Docker's defaults, such as `NET_ADMIN`.",
  },
  "docker.capDrop": {
    topic: "Docker executor: rights",
    type: capabilities,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.cap_drop",
    description: "Linux capabilities that job containers do not get.",
  },
  "docker.securityOpt": {
    topic: "Docker executor: rights",
    type: securityOptions,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.security_opt",
    description: "Security options of job containers, such as `no-new-privileges`.",
  },
  "docker.servicesSecurityOpt": {
    topic: "Docker executor: rights",
    type: securityOptions,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.services_security_opt",
    description: "Security options of the containers of services.",
  },
  "docker.user": {
    topic: "Docker executor: rights",
    type: containerUser,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.user",
    description:
      "User who runs jobs in their containers, such as `1000:1000`. Jobs cannot change it.",
  },
  "docker.allowedUsers": {
    topic: "Docker executor: rights",
    type: containerUsers,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.allowed_users",
    description: "Users that jobs may choose. Must include `docker.user`.",
  },
  "docker.groupAdd": {
    topic: "Docker executor: rights",
    type: containerGroups,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.group_add",
    description: "Additional groups of the user in job containers.",
  },
  "docker.usernsMode": {
    topic: "Docker executor: rights",
    type: oneOf(["host"]),
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.userns_mode",
    description:
      "`host` turns off user namespaces for jobs and services on an engine that remaps users.",
  },
  "docker.devices": {
    topic: "Docker executor: rights",
    type: devices,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.devices",
    description: "Devices of the node for jobs: `PATH`, `PATH:PATH` or `PATH:PATH:rwm`.",
  },
  "docker.deviceCgroupRules": {
    topic: "Docker executor: rights",
    type: deviceCgroupRules,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.device_cgroup_rules",
    description: "Rules of the devices cgroup for jobs, such as `c 189:* rwm`.",
  },
  "docker.gpus": {
    topic: "Docker executor: rights",
    type: gpus,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.gpus",
    description: "GPUs for jobs: `all`, a number, or options as in `docker run --gpus`.",
  },
  "docker.serviceGpus": {
    topic: "Docker executor: rights",
    type: gpus,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.service_gpus",
    description: "GPUs for services, in the same form as `docker.gpus`.",
  },
  "docker.runtime": {
    topic: "Docker executor: rights",
    type: containerRuntime,
    scope: "replica",
    executor: "docker",
    toml: "runners.docker.runtime",
    description: "OCI runtime of the containers of jobs and services, such as `sysbox-runc`.",
  },
} as const satisfies Record<string, Setting>;
