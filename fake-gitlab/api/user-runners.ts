import type { FastifyInstance } from "fastify";
import { isoTime } from "../state/clock";
import type { Instance } from "../state/instance";
import { roleInGroup, roleInProject } from "../state/projects";
import { createRunner, validateRunner, type RunnerOrigin } from "../state/runners";
import { ACCESS_LEVELS, RUNNER_TYPES, type User } from "../state/types";
import { authenticateUser } from "./authenticate";
import { badRequest, forbidden, paramError } from "./errors";
import { boolean, integer, list, oneOf, readParams, text, time } from "./params";
import { settingsFrom } from "./runner-params";
import { tokenLife } from "./token-life";

const newRunnerParams = {
  runner_type: oneOf(...RUNNER_TYPES),
  group_id: integer,
  project_id: integer,
  description: text,
  maintenance_note: text,
  paused: boolean,
  locked: boolean,
  access_level: oneOf(...ACCESS_LEVELS),
  run_untagged: boolean,
  tag_list: list,
  maximum_timeout: integer,
  token_expires_at: time,
  token_rotation_deadline: time,
};

/** `POST /user/runners`: a user creates a runner. Only this response contains the token. */
export function addUserRunnerRoute(app: FastifyInstance, instance: Instance): void {
  app.post("/user/runners", (request, reply) => {
    const { user } = authenticateUser(instance, request, "create_runner");
    const params = readParams(request, newRunnerParams, ["runner_type"]);
    const origin = originFor(instance, user, params);
    const settings = settingsFrom(params);
    const life = tokenLife(instance, params);
    const problems = validateRunner(settings).map(sentence);
    if (problems.length > 0) throw badRequest(SENTENCE.format(problems));
    const { runner, token } = createRunner(instance, origin, settings, life);
    return reply.code(201).send({
      id: runner.id,
      token,
      token_expires_at: isoTime(runner.tokenExpiresAt),
    });
  });
}

/** Joins strings as GitLab does: `a`, `a and b`, `a, b, and c`. */
const SENTENCE = new Intl.ListFormat("en", { type: "conjunction" });

/** Formats a model error as one sentence: `Tags list can not be empty when …`. */
function sentence({ field, text: problem }: { field: string; text: string }): string {
  const name = field.replaceAll("_", " ");
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} ${problem}`;
}

/** Finds the owner of the new runner, if the user may create one there. */
function originFor(
  instance: Instance,
  user: User,
  params: {
    runner_type: RunnerOrigin["type"];
    group_id: number | undefined;
    project_id: number | undefined;
  },
): RunnerOrigin {
  const type = params.runner_type;
  const base = { type, origin: "user", creatorId: user.id, name: null } as const;
  switch (type) {
    case "instance_type":
      if (!user.admin) throw forbidden("Insufficient permissions");
      return { ...base, groupId: null, projectIds: [] };
    case "group_type": {
      if (params.group_id === undefined) throw paramError("group_id is missing");
      const group = instance.groups.get(params.group_id);
      if (group === undefined) throw badRequest("Missing/invalid group");
      if (roleInGroup(instance, user, group.id) < 50) throw forbidden("Insufficient permissions");
      return { ...base, groupId: group.id, projectIds: [] };
    }
    case "project_type": {
      if (params.project_id === undefined) throw paramError("project_id is missing");
      const project = instance.projects.get(params.project_id);
      if (project === undefined) throw badRequest("Missing/invalid project");
      if (roleInProject(instance, user, project) < 40) throw forbidden("Insufficient permissions");
      return { ...base, groupId: null, projectIds: [project.id] };
    }
  }
}
