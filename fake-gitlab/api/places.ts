import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import { findGroup, findProject, roleInGroup, roleInProject } from "../state/projects";
import type { Group, Project, User } from "../state/types";
import { authenticateUser } from "./authenticate";
import { forbidden, notFound } from "./errors";
import { paginate } from "./paging";
import { readParams, text } from "./params";
import { groupEntity, projectBasics, projectDetails } from "./place-entities";

const REPORTER = 20;

/**
 * Finds the project in the path, by ID or URL-encoded path, and the user.
 * @param level role that the call requires; a user who may not read the project gets 404
 */
export function projectOfPath(
  instance: Instance,
  request: FastifyRequest,
  level = REPORTER,
  scopes: readonly string[] = ["read_api"],
): { project: Project; user: User } {
  const { user } = authenticateUser(instance, request, ...scopes);
  const { id } = readParams(request, { id: text }, ["id"]);
  const project = findProject(instance, id);
  if (project === undefined) throw notFound("Project");
  const role = roleInProject(instance, user, project);
  if (role === 0) throw notFound("Project");
  if (role < level) throw forbidden();
  return { project, user };
}

/** Finds the group in the path and the user, as `projectOfPath` does. */
export function groupOfPath(
  instance: Instance,
  request: FastifyRequest,
  level = REPORTER,
): { group: Group; user: User } {
  const { user } = authenticateUser(instance, request, "read_api");
  const { id } = readParams(request, { id: text }, ["id"]);
  const group = findGroup(instance, id);
  if (group === undefined) throw notFound("Group");
  const role = roleInGroup(instance, user, group.id);
  if (role === 0) throw notFound("Group");
  if (role < level) throw forbidden();
  return { group, user };
}

/** Projects and groups, as far as scripts use them. */
export function addPlaceRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/projects", (request, reply) => {
    const { user } = authenticateUser(instance, request, "read_api");
    const seen = [...instance.projects.values()].filter(
      (project) => roleInProject(instance, user, project) > 0,
    );
    const page = paginate(request, reply, seen);
    return reply.send(page.map((project) => projectBasics(instance, project)));
  });

  app.get("/projects/:id", (request, reply) => {
    const { project } = projectOfPath(instance, request, 10);
    return reply.send(projectDetails(instance, project));
  });

  app.get("/groups", (request, reply) => {
    const { user } = authenticateUser(instance, request, "read_api");
    const seen = [...instance.groups.values()].filter(
      (group) => roleInGroup(instance, user, group.id) > 0,
    );
    const page = paginate(request, reply, seen);
    return reply.send(page.map((group) => groupEntity(instance, group)));
  });

  app.get("/groups/:id", (request, reply) => {
    const { group } = groupOfPath(instance, request, 10);
    return reply.send(groupEntity(instance, group));
  });
}
