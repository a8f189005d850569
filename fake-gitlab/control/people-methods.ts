import { nextId, type Instance, type TokenOwner } from "../state/instance";
import {
  createMergeRequest,
  createUser,
  deleteGroup,
  ensureGroup,
  ensureProject,
  findProject,
} from "../state/projects";
import { digestToken, newPersonalAccessToken, newRegistrationToken } from "../state/tokens";
import type { Role, User } from "../state/types";
import { ControlError, known } from "./errors";
import type { ControlMethods } from "./methods";

const DEFAULT_PROJECT = "ci/demo";

type TokenParams = Parameters<ControlMethods["createPersonalAccessToken"]>[0];

type PeopleMethods = Pick<
  ControlMethods,
  | "createPersonalAccessToken"
  | "revokePersonalAccessToken"
  | "registrationToken"
  | "setRegistrationToken"
  | "createGroup"
  | "deleteGroup"
  | "deleteProject"
  | "createProject"
  | "createMergeRequest"
>;

/** Controls of users, tokens, groups, projects and merge requests. */
export function peopleMethods(instance: Instance): PeopleMethods {
  return {
    createPersonalAccessToken: (params) => createToken(instance, params),

    revokePersonalAccessToken: ({ id }) => {
      known(instance.tokens.get(id), "personal access token", id).revoked = true;
      return undefined;
    },

    registrationToken: ({ owner }) => {
      const key = tokenOwner(instance, owner);
      const token = instance.registrationTokens.get(key) ?? newRegistrationToken();
      instance.registrationTokens.set(key, token);
      return { token };
    },

    setRegistrationToken: ({ owner, token }) => {
      instance.registrationTokens.set(tokenOwner(instance, owner), token);
      return undefined;
    },

    createGroup: ({ path, registrationAllowed }) => {
      const group = ensureGroup(instance, path);
      group.registrationAllowed = registrationAllowed ?? group.registrationAllowed;
      return { id: group.id };
    },

    deleteGroup: ({ id }) => {
      deleteGroup(instance, known(instance.groups.get(id), "group", id).id);
      return undefined;
    },

    deleteProject: ({ id }) => {
      instance.projects.delete(known(instance.projects.get(id), "project", id).id);
      return undefined;
    },

    createProject: ({ path, sharedRunnersEnabled, groupRunnersEnabled }) => {
      const project = ensureProject(instance, path);
      project.sharedRunnersEnabled = sharedRunnersEnabled ?? project.sharedRunnersEnabled;
      project.groupRunnersEnabled = groupRunnersEnabled ?? project.groupRunnersEnabled;
      return { id: project.id };
    },

    createMergeRequest: ({ project: ref = DEFAULT_PROJECT, title }) => {
      const project = known(findProject(instance, ref), "project", ref);
      const { iid } = createMergeRequest(instance, project, title);
      return { projectId: project.id, iid };
    },
  };
}

function createToken(instance: Instance, params: TokenParams): { id: number; token: string } {
  const user = ensureUser(instance, params);
  const token = params.token ?? newPersonalAccessToken();
  const same = [...instance.tokens.values()].find(({ digest }) => digest === digestToken(token));
  if (same !== undefined) return { id: same.id, token };
  const id = nextId(instance, "token");
  instance.tokens.set(id, {
    id,
    name: `token ${id}`,
    userId: user.id,
    digest: digestToken(token),
    scopes: params.scopes ?? ["api"],
    createdAt: instance.clock.now(),
    expiresAt: params.expiresAt ?? null,
    lastUsedAt: null,
    revoked: false,
  });
  return { id, token };
}

function ensureUser(instance: Instance, params: TokenParams): User {
  const username = params.username ?? "root";
  const found = [...instance.users.values()].find((user) => user.username === username);
  if (found !== undefined) return found;
  const roles = (params.roles ?? []).map(({ groupId, projectId, level }): Role => ({
    ...(groupId !== undefined && { groupId }),
    ...(projectId !== undefined && { projectId }),
    level,
  }));
  const { admin = false, auditor = false } = params;
  return createUser(instance, { username, admin, auditor, roles });
}

function tokenOwner(instance: Instance, owner = "instance"): TokenOwner {
  if (owner === "instance") return owner;
  const match = /^(group|project):(\d+)$/.exec(owner);
  const id = Number(match?.[2]);
  const exists =
    (match?.[1] === "group" && instance.groups.has(id)) ||
    (match?.[1] === "project" && instance.projects.has(id));
  if (exists) return owner as TokenOwner;
  throw new ControlError(
    `owner must be "instance", "group:ID" or "project:ID" of an existing one, got "${owner}"`,
  );
}
