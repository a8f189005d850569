import type { Instance } from "../state/instance";
import { findManager, removeManager } from "../state/managers";
import {
  createRunner,
  DEFAULT_RUNNER_SETTINGS,
  deleteRunner,
  editRunner,
  resetRunnerToken,
  getSettings,
  validateRunner,
  type RunnerOrigin,
  type RunnerSettings,
} from "../state/runners";
import type { Runner } from "../state/types";
import { ControlError, known } from "./errors";
import type { ControlMethods, ControlResults } from "./methods";
import { viewManager, viewRunner } from "./views";

type NewRunner = Parameters<ControlMethods["createRunner"]>[0];
type Settings = Omit<NewRunner, "type" | "groupId" | "projectId">;

type RunnerMethods = Pick<
  ControlMethods,
  | "createRunner"
  | "editRunner"
  | "resetRunnerToken"
  | "deleteRunner"
  | "deleteManager"
  | "runners"
  | "managers"
>;

/** Controls of runners and their managers. */
export function runnerMethods(instance: Instance): RunnerMethods {
  const find = (id: number): Runner => known(instance.runners.get(id), "runner", id);
  return {
    createRunner: (params) => create(instance, params),

    editRunner: ({ runnerId, ...settings }) => {
      const runner = find(runnerId);
      editRunner(instance, runner, checkedSettings(settings, getSettings(runner)));
      return viewRunner(instance, runner);
    },

    resetRunnerToken: ({ runnerId }) => ({ token: resetRunnerToken(instance, find(runnerId)) }),

    deleteRunner: ({ runnerId }) => {
      deleteRunner(instance, find(runnerId));
      return undefined;
    },

    deleteManager: ({ runnerId, systemId }) => {
      const manager = findManager(instance, find(runnerId).id, systemId);
      removeManager(instance, known(manager, `manager of runner ${runnerId}`, systemId));
      return undefined;
    },

    runners: () => [...instance.runners.values()].map((runner) => viewRunner(instance, runner)),

    managers: ({ runnerId }) =>
      [...instance.managers.values()]
        .filter((manager) => runnerId === undefined || manager.runnerId === runnerId)
        .map((manager) => viewManager(instance, manager)),
  };
}

function create(instance: Instance, params: NewRunner): ControlResults["createRunner"] {
  const settings = checkedSettings(params, DEFAULT_RUNNER_SETTINGS);
  const { runner, token } = createRunner(instance, describeOrigin(instance, params), settings);
  return { id: runner.id, token, tokenExpiresAt: runner.tokenExpiresAt };
}

function describeOrigin(instance: Instance, params: NewRunner): RunnerOrigin {
  const { type = "instance_type", groupId = 0, projectId = 0 } = params;
  const isGroup = type === "group_type";
  const isProject = type === "project_type";
  if (isGroup) known(instance.groups.get(groupId), "group", groupId);
  if (isProject) known(instance.projects.get(projectId), "project", projectId);
  return {
    type,
    origin: "user",
    creatorId: 1,
    groupId: isGroup ? groupId : null,
    projectIds: isProject ? [projectId] : [],
    name: null,
  };
}

function checkedSettings(params: Settings, before: RunnerSettings): RunnerSettings {
  const settings: RunnerSettings = {
    description: params.description ?? before.description,
    maintenanceNote: before.maintenanceNote,
    tags: params.tags ?? before.tags,
    runUntagged: params.runUntagged ?? before.runUntagged,
    locked: params.locked ?? before.locked,
    paused: params.paused ?? before.paused,
    accessLevel: params.accessLevel ?? before.accessLevel,
    maximumTimeout: params.maximumTimeout ?? before.maximumTimeout,
  };
  const errors = validateRunner(settings);
  if (errors.length === 0) return settings;
  throw new ControlError(errors.map(({ field, text }) => `${field} ${text}`).join("; "));
}
