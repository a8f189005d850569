import type { FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
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

/** Whether the user may see the runner; instance runners are open to everyone. */
export function mayRead(instance: Instance, user: User, runner: Runner): boolean {
  if (runner.type === "instance_type") return true;
  const group = roleInGroup(instance, user, runner.groupId ?? -1);
  return user.admin || group >= MAINTAINER || projectRole(instance, user, runner) >= MAINTAINER;
}

function projectRole(instance: Instance, user: User, runner: Runner): number {
  const projects = runner.projectIds.flatMap((id) => instance.projects.get(id) ?? []);
  return Math.max(0, ...projects.map((project) => roleInProject(instance, user, project)));
}

/**
 * The runner in the path and the user who asks for it.
 * @throws {ApiError} 401, 403 or 404
 */
export function runnerOfPath(
  instance: Instance,
  request: FastifyRequest,
  right: "read" | "update",
): { runner: Runner; user: User } {
  const reading = right === "read" ? ["read_api"] : [];
  const { user } = authenticateUser(instance, request, "manage_runner", ...reading);
  const { id } = readParams(request, { id: integer }, ["id"]);
  const runner = instance.runners.get(id);
  if (runner === undefined) throw notFound("Runner");
  const allowed =
    right === "read" ? mayRead(instance, user, runner) : mayUpdate(instance, user, runner);
  if (!allowed) throw forbidden("No access granted");
  return { runner, user };
}
