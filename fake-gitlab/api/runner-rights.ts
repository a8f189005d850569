import type { FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import { servesProject } from "../state/matching";
import { roleInGroup, roleInProject } from "../state/projects";
import type { Runner, User } from "../state/types";
import { authenticateUser } from "./authenticate";
import { forbidden, notFound } from "./errors";
import { integer, readParams } from "./params";

const MAINTAINER = 40;
const OWNER = 50;

/** Whether the user may change the runner: administrator, group Owner or project Maintainer. */
export function mayUpdate(instance: Instance, user: User, runner: Runner): boolean {
  if (user.admin) return true;
  if (runner.type === "group_type") {
    return roleInGroup(instance, user, runner.groupId ?? -1) >= OWNER;
  }
  return projectRole(instance, user, runner) >= MAINTAINER;
}

/**
 * Whether the user may see the runner and its managers. Instance runners are visible to everyone,
 * group runners also to Maintainers of a project below the group that uses them.
 */
function mayRead(instance: Instance, user: User, runner: Runner): boolean {
  if (runner.type === "instance_type" || user.admin || user.auditor) return true;
  if (runner.type === "project_type") return projectRole(instance, user, runner) >= MAINTAINER;
  const served = [...instance.projects.values()].filter((project) =>
    servesProject(instance, runner, project),
  );
  const group = roleInGroup(instance, user, runner.groupId ?? -1);
  const roles = served.map((project) => roleInProject(instance, user, project));
  return Math.max(group, ...roles) >= MAINTAINER;
}

/** Whether the user may see the runner's jobs: users who may change the runner, and auditors. */
function mayReadJobs(instance: Instance, user: User, runner: Runner): boolean {
  return user.auditor || mayUpdate(instance, user, runner);
}

const MAY = { read: mayRead, "read jobs": mayReadJobs, update: mayUpdate };

function projectRole(instance: Instance, user: User, runner: Runner): number {
  const projects = runner.projectIds.flatMap((id) => instance.projects.get(id) ?? []);
  return Math.max(0, ...projects.map((project) => roleInProject(instance, user, project)));
}

/**
 * Finds the runner in the path and the user of the request.
 * @throws {ApiError} 401, 403 or 404
 */
export function runnerOfPath(
  instance: Instance,
  request: FastifyRequest,
  right: keyof typeof MAY,
): { runner: Runner; user: User } {
  const reading = right === "update" ? [] : ["read_api"];
  const { user } = authenticateUser(instance, request, "manage_runner", ...reading);
  const { id } = readParams(request, { id: integer }, ["id"]);
  const runner = instance.runners.get(id);
  if (runner === undefined) throw notFound("Runner");
  if (!MAY[right](instance, user, runner)) throw forbidden("No access granted");
  return { runner, user };
}
