import type { FastifyInstance, FastifyRequest } from "fastify";
import { isoTime } from "../state/clock";
import type { Instance } from "../state/instance";
import { listManagers } from "../state/managers";
import {
  deleteRunner,
  editRunner,
  resetRunnerToken,
  getSettings,
  validateRunner,
} from "../state/runners";
import { ACCESS_LEVELS, type Runner } from "../state/types";
import { forbidden, modelErrors, paramError } from "./errors";
import { boolean, integer, list, mutuallyExclusive, oneOf, readParams, text } from "./params";
import { checkUnmodified } from "./preconditions";
import { managerEntity, runnerDetails } from "./runner-entities";
import { settingsFrom } from "./runner-params";
import { mayUpdate, runnerOfPath } from "./runner-rights";

/** `/runners/:id` and below: requests of users about a runner. */
export function addRunnerAdministrationRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/runners/:id", (request, reply) => {
    const { runner, user } = runnerOfPath(instance, request, "read");
    const { include_projects = true } = readParams(request, { include_projects: boolean });
    const details = runnerDetails(instance, runner, mayUpdate(instance, user, runner));
    if (!include_projects) delete details["projects"];
    return reply.send(details);
  });

  app.put("/runners/:id", (request, reply) => {
    const { runner } = runnerOfPath(instance, request, "update");
    edit(instance, request, runner);
    return reply.send(runnerDetails(instance, runner, true));
  });

  app.delete("/runners/:id", (request, reply) => {
    const { runner, user } = runnerOfPath(instance, request, "update");
    checkUnmodified(request, runner);
    if (runner.projectIds.length > 1 && !user.admin) {
      throw forbidden("Runner associated with more than one project");
    }
    deleteRunner(instance, runner);
    return reply.code(204).send();
  });

  app.get("/runners/:id/managers", (request, reply) => {
    const { runner } = runnerOfPath(instance, request, "read");
    const managers = listManagers(instance, runner.id);
    return reply.send(managers.map((manager) => managerEntity(instance, manager)));
  });

  app.post("/runners/:id/reset_authentication_token", (request, reply) => {
    const { runner } = runnerOfPath(instance, request, "update");
    const token = resetRunnerToken(instance, runner);
    return reply.code(201).send({ token, token_expires_at: isoTime(runner.tokenExpiresAt) });
  });
}

const editParams = {
  description: text,
  active: boolean,
  paused: boolean,
  tag_list: list,
  run_untagged: boolean,
  locked: boolean,
  access_level: oneOf(...ACCESS_LEVELS),
  maximum_timeout: integer,
  maintenance_note: text,
};

function edit(instance: Instance, request: FastifyRequest, runner: Runner): void {
  mutuallyExclusive(request, "paused", "active");
  const params = readParams(request, editParams);
  if (Object.values(params).every((value) => value === undefined)) {
    throw paramError(
      `${Object.keys(editParams).join(", ")} are missing, at least one parameter must be provided`,
    );
  }
  const settings = settingsFrom(params, getSettings(runner));
  const errors = validateRunner(settings);
  if (errors.length > 0) throw modelErrors(errors);
  editRunner(instance, runner, settings);
}
