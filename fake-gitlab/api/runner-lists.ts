import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import { listManagers } from "../state/managers";
import { servesProject } from "../state/matching";
import { groupLine } from "../state/projects";
import { isOnline, isStale } from "../state/runner-status";
import { RUNNER_TYPES, type Runner } from "../state/types";
import { authenticateUser } from "./authenticate";
import { forbidden } from "./errors";
import { paginate } from "./paging";
import { boolean, list, oneOf, readParams, type Param } from "./params";
import { groupOfPath, projectOfPath } from "./places";
import { runnerBasics } from "./runner-entities";
import { mayUpdate } from "./runner-rights";

/** The lists of runners: the user's own, all, a group's, a project's. */
export function addRunnerListRoutes(app: FastifyInstance, instance: Instance): void {
  const runners = (): Runner[] => [...instance.runners.values()];

  app.get("/runners", (request, reply) => {
    const { user } = authenticateUser(instance, request, "read_api");
    // The user's own runners are those of the user's groups and projects, also for administrators.
    // Instance runners belong to nobody.
    const member = { ...user, admin: false };
    const own = runners().filter(
      (runner) => runner.type !== "instance_type" && mayUpdate(instance, member, runner),
    );
    const { scope } = readParams(request, { scope: oneOf(...STATUSES) });
    return sendPage(instance, request, reply, own, scope);
  });

  app.get("/runners/all", (request, reply) => {
    const { user } = authenticateUser(instance, request, "read_api");
    if (!user.admin && !user.auditor) throw forbidden();
    const { scope } = readParams(request, { scope: oneOf(...SCOPES) });
    return sendPage(instance, request, reply, runners(), scope);
  });

  app.get("/groups/:id/runners", (request, reply) => {
    const { group } = groupOfPath(instance, request, 40);
    const line = groupLine(instance, group.id);
    const shown = runners().filter(
      ({ type, groupId }) => type === "instance_type" || line.includes(groupId ?? -1),
    );
    return sendPage(instance, request, reply, shown);
  });

  app.get("/projects/:id/runners", (request, reply) => {
    const { project } = projectOfPath(instance, request, 40);
    const shown = runners().filter((runner) => servesProject(instance, runner, project));
    return sendPage(instance, request, reply, shown);
  });
}

const STATUSES = ["online", "offline", "stale", "never_contacted", "active", "paused"] as const;
/** The older parameter `scope` accepts types and states. */
const SCOPES = ["shared", "specific", ...RUNNER_TYPES, ...STATUSES] as const;
type Scope = (typeof SCOPES)[number];

const versionPrefix: Param<string> = {
  read: (raw) => (/^\d+(\.\d+)*\.?$/.test(String(raw)) ? String(raw) : undefined),
  complaint: "is invalid",
};

const filterParams = {
  type: oneOf(...RUNNER_TYPES),
  status: oneOf(...STATUSES),
  paused: boolean,
  tag_list: list,
  version_prefix: versionPrefix,
};

function sendPage(
  instance: Instance,
  request: FastifyRequest,
  reply: FastifyReply,
  runners: readonly Runner[],
  scope?: Scope,
): FastifyReply {
  const filter = readParams(request, filterParams);
  const kept = runners
    .filter((runner) => scope === undefined || isInScope(instance, runner, scope))
    .filter((runner) => filter.type === undefined || runner.type === filter.type)
    .filter((runner) => filter.paused === undefined || runner.paused === filter.paused)
    .filter((runner) => (filter.tag_list ?? []).every((tag) => runner.tags.includes(tag)))
    .filter((runner) => filter.status === undefined || hasStatus(instance, runner, filter.status))
    .filter((runner) => hasVersion(instance, runner, filter.version_prefix ?? ""))
    .sort((a, b) => a.id - b.id);
  const page = paginate(request, reply, kept);
  return reply.send(page.map((runner) => runnerBasics(instance, runner)));
}

function isInScope(instance: Instance, runner: Runner, scope: Scope): boolean {
  const status = STATUSES.find((one) => one === scope);
  if (status !== undefined) return hasStatus(instance, runner, status);
  if (scope === "shared") return runner.type === "instance_type";
  return scope === "specific" ? runner.type !== "instance_type" : runner.type === scope;
}

/** Filters use the database column, which lags behind what a single runner shows. */
function hasStatus(instance: Instance, runner: Runner, status: (typeof STATUSES)[number]): boolean {
  const now = instance.clock.now();
  const column = runner.contactedColumn;
  switch (status) {
    case "online":
      return isOnline(column, now);
    case "offline":
      return column !== null && !isOnline(column, now);
    case "stale":
      return isStale(runner.createdAt, column, now);
    case "never_contacted":
      return column === null;
    case "active":
      return !runner.paused;
    case "paused":
      return runner.paused;
  }
}

/** Compares whole numbers: 16 is a prefix of 16.0.1, but not of 160.0.0. */
function hasVersion(instance: Instance, runner: Runner, prefix: string): boolean {
  if (prefix === "") return true;
  const wanted = prefix.replace(/\.$/, "").split(".");
  return listManagers(instance, runner.id).some(({ details }) => {
    const parts = (details.version ?? "").split(".");
    return wanted.every((part, index) => parts[index] === part);
  });
}
