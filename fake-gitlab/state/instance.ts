import { createClock, type Clock } from "./clock";
import { EventLog } from "./events";
import type { Job } from "./job";
import type { Count } from "./rate-limits";
import { DEFAULT_SWITCHES, type Switches } from "./switches";
import type { Group, Manager, PersonalAccessToken, Project, Runner, User } from "./types";

/** The owner of a registration token: the instance, a group or a project. */
export type TokenOwner = "instance" | `group:${number}` | `project:${number}`;

/** Everything that the fake GitLab keeps in memory. */
export interface Instance {
  readonly clock: Clock;
  readonly events: EventLog;
  switches: Switches;
  /**
   * GitLab's own URL in jobs and API responses, without a trailing slash. Its path is the relative
   * URL root, such as `/gitlab`: requests outside of it get 404.
   */
  externalUrl: string;
  readonly users: Map<number, User>;
  readonly tokens: Map<number, PersonalAccessToken>;
  readonly groups: Map<number, Group>;
  readonly projects: Map<number, Project>;
  readonly runners: Map<number, Runner>;
  readonly managers: Map<number, Manager>;
  readonly jobs: Map<number, Job>;
  /** Folders of bare Git repositories, by the full path of their project. Never saved. */
  readonly repositories: Map<string, string>;
  /** In plain text, as GitLab shows them to an administrator. Never saved. */
  readonly registrationTokens: Map<TokenOwner, string>;
  readonly ids: Record<IdKind, number>;
  /** Long polls to wake when a runner's queue changes. */
  readonly queueWaiters: Set<QueueWaiter>;
  /** The counters of rate limits, by resource and user. */
  readonly uses: Map<string, Count>;
  /** Aborted when the server stops, which releases every held request. */
  readonly stopping: AbortController;
  /** When the next hourly cleanup of managers is due. */
  nextCleanUp: number;
}

export interface QueueWaiter {
  readonly runnerId: number;
  readonly wake: () => void;
}

export type IdKind =
  | "user"
  | "token"
  | "group"
  | "project"
  | "mergeRequest"
  | "note"
  | "runner"
  | "manager"
  | "job"
  | "pipeline";

export interface InstanceOptions {
  readonly clock?: Clock;
  readonly switches?: Partial<Switches>;
  readonly externalUrl?: string;
}

/** Creates an empty instance. */
export function createInstance(options: InstanceOptions = {}): Instance {
  const clock = options.clock ?? createClock();
  const instance: Instance = {
    clock,
    events: new EventLog(() => clock.wall()),
    switches: { ...DEFAULT_SWITCHES, ...options.switches },
    externalUrl: options.externalUrl ?? "http://gitlab.example.com",
    users: new Map(),
    tokens: new Map(),
    groups: new Map(),
    projects: new Map(),
    runners: new Map(),
    managers: new Map(),
    jobs: new Map(),
    repositories: new Map(),
    registrationTokens: new Map(),
    ids: {
      user: 0,
      token: 0,
      group: 0,
      project: 0,
      mergeRequest: 0,
      note: 0,
      runner: 0,
      manager: 0,
      job: 0,
      pipeline: 0,
    },
    queueWaiters: new Set(),
    uses: new Map(),
    stopping: new AbortController(),
    nextCleanUp: nextMinute36(clock.now()),
  };
  return instance;
}

/** Returns the next ID of a kind of object. */
export function nextId(instance: Instance, kind: IdKind): number {
  instance.ids[kind] += 1;
  return instance.ids[kind];
}

const HOUR = 3_600_000;

/** Returns the next time at minute 36 of an hour. */
export function nextMinute36(now: number): number {
  const offset = 36 * 60_000;
  return Math.floor((now - offset) / HOUR) * HOUR + HOUR + offset;
}
