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

/** What the controls give back. */
export interface ControlResults {
  /** Makes a personal access token, and its user if there is none of that name. */
  createPersonalAccessToken: { id: number; token: string };
  revokePersonalAccessToken: undefined;
  /** The registration token of the instance, `group:ID` or `project:ID`; made at the first call. */
  registrationToken: { token: string };
  setRegistrationToken: undefined;
  /** Makes a group, and those above it, or finds it. */
  createGroup: { id: number };
  /** Makes a project and its groups, or finds and changes it. */
  createProject: { id: number };
  createMergeRequest: { projectId: number; iid: number };
  /** Makes a runner, as a user would. */
  createRunner: { id: number; token: string; tokenExpiresAt: number | null };
  editRunner: RunnerView;
  /** Gives a runner a new token; the old one is refused at once. */
  resetRunnerToken: { token: string };
  /** Deletes a runner with its managers; its jobs go on. */
  deleteRunner: undefined;
  deleteManager: undefined;
  runners: readonly RunnerView[];
  managers: readonly ManagerView[];
  enqueueJob: { id: number; pipelineId: number };
  job: JobView;
  jobs: readonly JobView[];
  /**
   * The job's log so far, without time stamps, section marks and colours (GitLab's own API gives the raw one). Asking for it
   * counts as watching: its runner sends it every 3 s.
   */
  trace: string;
  cancelJob: JobView;
  retryJob: { id: number };
  switches: Switches;
  setSwitches: Switches;
  /** Lets GitLab's time jump forward, and does at once what was due in between. */
  advanceClock: { now: number };
  /** Lets a fault catch requests from now on. */
  addFault: { id: number };
  /** Ends one fault or all; requests that hang in them go on. */
  clearFaults: undefined;
  faults: readonly ActiveFault[];
  /** The event log after a number; `last` is the number of the newest event. */
  events: { events: readonly GitlabEvent[]; last: number };
}

/** Every control as a function of its checked parameters. */
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
