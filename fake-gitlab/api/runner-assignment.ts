import type { FastifyInstance } from "fastify";
import type { Instance } from "../state/instance";
import { assignProject } from "../state/runners";
import { newRegistrationToken } from "../state/tokens";
import { authenticateUser } from "./authenticate";
import { forbidden, modelErrors, notFound } from "./errors";
import { integer, readParams } from "./params";
import { projectOfPath } from "./places";
import { runnerBasics } from "./runner-entities";
import { mayUpdate } from "./runner-rights";

const MAINTAINER = 40;

/** Assigns project runners to more projects, and resets the registration token of the instance. */
export function addRunnerAssignmentRoutes(app: FastifyInstance, instance: Instance): void {
  app.post("/projects/:id/runners", (request, reply) => {
    const { project, user } = projectOfPath(instance, request, MAINTAINER, []);
    const { runner_id } = readParams(request, { runner_id: integer }, ["runner_id"]);
    const runner = instance.runners.get(runner_id);
    if (runner === undefined) throw notFound("Runner");
    if (runner.type !== "project_type") throw forbidden("Runner is a group or instance runner");
    if (runner.locked) throw forbidden("Runner is locked");
    if (!mayUpdate(instance, user, runner)) throw forbidden("No access granted");
    if (runner.projectIds.includes(project.id)) {
      throw modelErrors([{ field: "runner_id", text: "has already been taken" }]);
    }
    assignProject(instance, runner, project.id);
    return reply.code(201).send(runnerBasics(instance, runner));
  });

  app.post("/runners/reset_registration_token", (request, reply) => {
    const { user } = authenticateUser(instance, request);
    if (!user.admin) throw forbidden();
    const token = newRegistrationToken();
    instance.registrationTokens.set("instance", token);
    return reply.code(201).send({ token, token_expires_at: null });
  });
}
