import type { FastifyInstance, FastifyRequest } from "fastify";
import { isoTime } from "../state/clock";
import type { Instance, TokenOwner } from "../state/instance";
import { findManager, heartbeat, removeManager } from "../state/managers";
import { rootGroup } from "../state/projects";
import {
  createRunner,
  deleteRunner,
  resetRunnerToken,
  validateRunner,
  type RunnerOrigin,
} from "../state/runners";
import { ACCESS_LEVELS, type Runner } from "../state/types";
import { authenticateOwnedRunner, authenticateRunner, header } from "./authenticate";
import { forbidden, gone, modelErrors, notFound } from "./errors";
import { boolean, hash, integer, list, mutuallyExclusive, oneOf, readParams, text } from "./params";
import { checkUnmodified } from "./preconditions";
import { managerDetails, managerFor } from "./runner-info";
import { settingsFrom } from "./runner-params";
import { checkRotation } from "./token-life";

/** The requests with which runners register, verify, renew and delete themselves. */
export function addRegistrationRoutes(app: FastifyInstance, instance: Instance): void {
  app.post("/runners", (request, reply) => {
    const { runner, token } = register(instance, request);
    return reply.code(201).send(credentials(runner, token));
  });

  app.post("/runners/verify", (request, reply) => {
    const specs = { token: text, system_id: text, info: hash };
    const { token, system_id } = readParams(request, specs, ["token"]);
    const runner = authenticateOwnedRunner(instance, token);
    const manager = managerFor(instance, runner, system_id);
    heartbeat(instance, runner, manager, managerDetails(request));
    return reply.code(200).send(credentials(runner, token));
  });

  app.post("/runners/reset_authentication_token", (request, reply) => {
    const { token, system_id } = readParams(request, { token: text, system_id: text }, ["token"]);
    const runner = authenticateRunner(instance, token);
    heartbeat(instance, runner, managerFor(instance, runner, system_id));
    checkRotation(instance, runner);
    const next = resetRunnerToken(instance, runner);
    const body = { token: next, token_expires_at: isoTime(runner.tokenExpiresAt) };
    return reply.code(201).send(body);
  });

  app.delete("/runners", (request, reply) => {
    const { token } = readParams(request, { token: text }, ["token"]);
    const runner = authenticateRunner(instance, token);
    checkUnmodified(request, runner);
    deleteRunner(instance, runner);
    return reply.code(204).send();
  });

  app.delete("/runners/managers", (request, reply) => {
    const specs = { token: text, system_id: text };
    const { token, system_id } = readParams(request, specs, ["token", "system_id"]);
    const runner = authenticateRunner(instance, token);
    const manager = findManager(instance, runner.id, system_id);
    if (manager === undefined) throw notFound("Runner manager not found");
    checkUnmodified(request, manager);
    removeManager(instance, manager);
    return reply.code(204).send();
  });

  app.get("/runners/router/discovery", (request, reply) => {
    authenticateRunner(instance, header(request, "runner-token") ?? "");
    return reply.code(501).send({ message: "501 Not Implemented" });
  });
}

function credentials(
  runner: Runner,
  token: string,
): { id: number; token: string; token_expires_at: string | null } {
  return { id: runner.id, token, token_expires_at: isoTime(runner.tokenExpiresAt) };
}

const registrationParams = {
  token: text,
  description: text,
  maintenance_note: text,
  maintainer_note: text,
  paused: boolean,
  active: boolean,
  locked: boolean,
  access_level: oneOf(...ACCESS_LEVELS),
  run_untagged: boolean,
  tag_list: list,
  maximum_timeout: integer,
  info: hash,
};

function register(instance: Instance, request: FastifyRequest): { runner: Runner; token: string } {
  mutuallyExclusive(request, "maintainer_note", "maintenance_note");
  mutuallyExclusive(request, "active", "paused");
  const params = readParams(request, registrationParams, ["token"]);
  const owner = findTokenOwner(instance, params.token);
  if (params.token !== "" && !mayRegister(instance, owner)) {
    throw gone("runner registration disallowed");
  }
  if (owner === undefined) throw forbidden("invalid token supplied");
  const settings = settingsFrom(params);
  const errors = validateRunner(settings);
  if (errors.length > 0) throw modelErrors(errors);
  const name = params.info?.["name"];
  return createRunner(
    instance,
    describeOrigin(owner, typeof name === "string" && name !== "" ? name : null),
    settings,
  );
}

/** Finds the owner of a registration token, if such tokens are enabled. */
function findTokenOwner(instance: Instance, token: string): TokenOwner | undefined {
  const owner = [...instance.registrationTokens].find(([, known]) => known === token)?.[0];
  const kind = owner?.split(":")[0];
  const counts = kind === "instance" || instance.switches.registrars.some((one) => one === kind);
  return counts ? owner : undefined;
}

/**
 * Registration tokens can be disabled for the instance, and for a group with everything below it.
 */
function mayRegister(instance: Instance, owner: TokenOwner | undefined): boolean {
  if (!instance.switches.registrationAllowed) return false;
  const [kind, id] = (owner ?? "instance").split(":");
  const project = kind === "project" ? instance.projects.get(Number(id)) : undefined;
  const groupId = kind === "group" ? Number(id) : project?.groupId;
  return groupId === undefined || rootGroup(instance, groupId)?.registrationAllowed !== false;
}

function describeOrigin(owner: TokenOwner, name: string | null): RunnerOrigin {
  const [kind, id] = owner.split(":");
  return {
    type: `${kind as "instance" | "group" | "project"}_type`,
    origin: "registration",
    creatorId: null,
    groupId: kind === "group" ? Number(id) : null,
    projectIds: kind === "project" ? [Number(id)] : [],
    name,
  };
}
