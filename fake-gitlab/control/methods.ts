import type * as z from "zod/mini";
import type { ActiveFault, FaultBook } from "../faults/book";
import type { GitlabEvent } from "../state/events";
import type { Instance } from "../state/instance";
import type { Switches } from "../state/switches";
import { eventMethods } from "./event-methods";
import { jobMethods } from "./job-methods";
import { peopleMethods } from "./people-methods";
import { runnerMethods } from "./runner-methods";
import type { ControlName, controlSchemas } from "./schemas";
import type { JobView, ManagerView, RunnerView } from "./views";

/** The results of the controls. */
export interface ControlResults {
  /** Creates a personal access token, and its user if that name is new. */
  createPersonalAccessToken: { id: number; token: string };
  revokePersonalAccessToken: undefined;
  /**
   * Returns the registration token of the instance, `group:ID` or `project:ID`, and creates it on
   * the first call.
   */
  registrationToken: { token: string };
  setRegistrationToken: undefined;
  /** Finds a group, or creates it and its parents. */
  createGroup: { id: number };
  /** Deletes a group and everything below it. Its runners stay, orphaned. */
  deleteGroup: undefined;
  /** Deletes a project. Its runners stay, orphaned. */
  deleteProject: undefined;
  /** Creates a project and its groups, or changes an existing one. */
  createProject: { id: number };
  createMergeRequest: { projectId: number; iid: number };
  /** Creates a runner, as a user would. */
  createRunner: { id: number; token: string; tokenExpiresAt: number | null };
  editRunner: RunnerView;
  /** Gives a runner a new token and rejects the old one at once. */
  resetRunnerToken: { token: string };
  /** Deletes a runner and its managers. Its jobs continue. */
  deleteRunner: undefined;
  deleteManager: undefined;
  runners: readonly RunnerView[];
  managers: readonly ManagerView[];
  enqueueJob: { id: number; pipelineId: number };
  job: JobView;
  jobs: readonly JobView[];
  /**
   * Returns the job's log so far, without timestamps, section markers and colors (GitLab's own API
   * returns the raw log). Reading it counts as watching, so its runner sends the log every 3 s.
   */
  trace: string;
  cancelJob: JobView;
  retryJob: { id: number };
  switches: Switches;
  setSwitches: Switches;
  /** Moves GitLab's time forward and immediately does everything that was due in between. */
  advanceClock: { now: number };
  /** Adds a fault that catches requests from now on. */
  addFault: { id: number };
  /** Removes one fault or all. Requests that hang in them continue. */
  clearFaults: undefined;
  faults: readonly ActiveFault[];
  /** Returns the events after a number; `last` is the number of the newest event. */
  events: { events: readonly GitlabEvent[]; last: number };
}

/** Every control as a function of its validated parameters. */
export type ControlMethods = {
  readonly [K in keyof ControlResults]: (
    params: z.infer<(typeof controlSchemas)[K & ControlName]>,
  ) => ControlResults[K] | Promise<ControlResults[K]>;
};

/** The controls of an instance. */
export function controlMethods(instance: Instance, faults: FaultBook): ControlMethods {
  return {
    ...peopleMethods(instance),
    ...runnerMethods(instance),
    ...jobMethods(instance),
    ...eventMethods(instance, faults),
  };
}
