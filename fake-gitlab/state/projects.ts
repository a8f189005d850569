import { nextId, type Instance } from "./instance";
import type { Group, MergeRequest, Project, Role, User } from "./types";

/** Creates a user. `root` is the first one. */
export function createUser(
  instance: Instance,
  user: { username: string; admin: boolean; auditor?: boolean; roles?: readonly Role[] },
): User {
  const id = nextId(instance, "user");
  const made: User = {
    id,
    username: user.username,
    name: user.username === "root" ? "Administrator" : user.username,
    admin: user.admin,
    auditor: user.auditor ?? false,
    roles: [...(user.roles ?? [])],
  };
  instance.users.set(id, made);
  return made;
}

/** Creates a group from its full path, and its parents if needed. */
export function ensureGroup(instance: Instance, fullPath: string): Group {
  const found = [...instance.groups.values()].find((group) => group.fullPath === fullPath);
  if (found !== undefined) return found;
  const slash = fullPath.lastIndexOf("/");
  const parentId = slash < 0 ? null : ensureGroup(instance, fullPath.slice(0, slash)).id;
  const id = nextId(instance, "group");
  const group: Group = {
    id,
    path: fullPath.slice(slash + 1),
    fullPath,
    parentId,
    createdAt: instance.clock.now(),
    registrationAllowed: true,
  };
  instance.groups.set(id, group);
  return group;
}

/** Finds or creates a project by its full path `group/…/project`. */
export function ensureProject(instance: Instance, fullPath: string): Project {
  const found = findProject(instance, fullPath);
  if (found !== undefined) return found;
  const slash = fullPath.lastIndexOf("/");
  if (slash < 1) throw new Error(`project path must be group/project, got "${fullPath}"`);
  const group = ensureGroup(instance, fullPath.slice(0, slash));
  const id = nextId(instance, "project");
  const project: Project = {
    id,
    path: fullPath.slice(slash + 1),
    fullPath,
    groupId: group.id,
    createdAt: instance.clock.now(),
    sharedRunnersEnabled: true,
    groupRunnersEnabled: true,
    mergeRequests: [],
  };
  instance.projects.set(id, project);
  return project;
}

/** Finds a project by ID or full path. */
export function findProject(instance: Instance, id: number | string): Project | undefined {
  if (/^\d+$/.test(String(id))) return instance.projects.get(Number(id));
  return [...instance.projects.values()].find((project) => project.fullPath === id);
}

/** Finds a group by ID or full path. */
export function findGroup(instance: Instance, id: number | string): Group | undefined {
  if (/^\d+$/.test(String(id))) return instance.groups.get(Number(id));
  return [...instance.groups.values()].find((group) => group.fullPath === id);
}

/** Lists the IDs of a group and its parents, nearest first. */
export function groupLine(instance: Instance, groupId: number): readonly number[] {
  const group = instance.groups.get(groupId);
  if (group === undefined) return [];
  return [group.id, ...(group.parentId === null ? [] : groupLine(instance, group.parentId))];
}

/** Returns the top-level group of a group. */
export function rootGroup(instance: Instance, groupId: number): Group | undefined {
  return instance.groups.get(groupLine(instance, groupId).at(-1) ?? -1);
}

/**
 * Deletes a group and everything below it, as far as the fake GitLab implements it. Its runners
 * stay, without an owner.
 */
export function deleteGroup(instance: Instance, id: number): void {
  const gone = [...instance.groups.keys()].filter((key) => groupLine(instance, key).includes(id));
  for (const key of gone) instance.groups.delete(key);
  for (const project of [...instance.projects.values()]) {
    if (!instance.groups.has(project.groupId)) instance.projects.delete(project.id);
  }
}

/** Adds a merge request to a project. */
export function createMergeRequest(
  instance: Instance,
  project: Project,
  title: string,
): MergeRequest {
  const mergeRequest: MergeRequest = {
    id: nextId(instance, "mergeRequest"),
    iid: project.mergeRequests.length + 1,
    title,
    notes: [],
  };
  project.mergeRequests.push(mergeRequest);
  return mergeRequest;
}

/** Returns the user's highest role in a group, its own or inherited; 0 if none. */
export function roleInGroup(instance: Instance, user: User, groupId: number): number {
  if (user.admin) return 50;
  const line = groupLine(instance, groupId);
  return highest(user.roles.filter((role) => line.includes(role.groupId ?? -1)));
}

/** Returns the user's highest role in a project; 0 if none. */
export function roleInProject(instance: Instance, user: User, project: Project): number {
  const direct = highest(user.roles.filter((role) => role.projectId === project.id));
  return Math.max(direct, roleInGroup(instance, user, project.groupId));
}

function highest(roles: readonly Role[]): number {
  return Math.max(0, ...roles.map((role) => role.level));
}
