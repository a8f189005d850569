import { isoTime } from "../state/clock";
import type { Instance } from "../state/instance";
import type { Group, Project, User } from "../state/types";

type Entity = Record<string, unknown>;

/** The shortest form of a project. */
export function projectIdentity(project: Project): Entity {
  return {
    id: project.id,
    description: null,
    name: project.path,
    name_with_namespace: project.fullPath.replaceAll("/", " / "),
    path: project.path,
    path_with_namespace: project.fullPath,
    created_at: isoTime(project.createdAt),
  };
}

/** A project in a list or in another entity. */
export function projectBasics(instance: Instance, project: Project): Entity {
  return {
    ...projectIdentity(project),
    default_branch: "main",
    web_url: `${instance.externalUrl}/${project.fullPath}`,
    http_url_to_repo: `${instance.externalUrl}/${project.fullPath}.git`,
  };
}

/** A single project. */
export function projectDetails(instance: Instance, project: Project): Entity {
  const group = instance.groups.get(project.groupId);
  return {
    ...projectBasics(instance, project),
    visibility: "private",
    archived: false,
    jobs_enabled: true,
    shared_runners_enabled: project.sharedRunnersEnabled,
    group_runners_enabled: project.groupRunnersEnabled,
    namespace: group && {
      id: group.id,
      name: group.path,
      path: group.path,
      kind: "group",
      full_path: group.fullPath,
      parent_id: group.parentId,
    },
  };
}

export function groupEntity(instance: Instance, group: Group): Entity {
  return {
    id: group.id,
    name: group.path,
    path: group.path,
    full_path: group.fullPath,
    full_name: group.fullPath.replaceAll("/", " / "),
    parent_id: group.parentId,
    visibility: "private",
    created_at: isoTime(group.createdAt),
    web_url: `${instance.externalUrl}/groups/${group.fullPath}`,
  };
}

export function userBasics(instance: Instance, user: User): Entity {
  return {
    id: user.id,
    username: user.username,
    name: user.name,
    state: "active",
    web_url: `${instance.externalUrl}/${user.username}`,
  };
}
