/**
 * The state of a GitLab instance. Times are GitLab's own, in epoch milliseconds. Tokens are stored
 * only as SHA-256 digests, so nothing that lists, shows or saves this state can leak one.
 */

export const RUNNER_TYPES = ["instance_type", "group_type", "project_type"] as const;
export type RunnerType = (typeof RUNNER_TYPES)[number];

export const ACCESS_LEVELS = ["not_protected", "ref_protected"] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

export interface Group {
  readonly id: number;
  readonly path: string;
  readonly fullPath: string;
  readonly parentId: number | null;
  readonly createdAt: number;
  /** For a top-level group: whether it and everything below it have registration tokens. */
  registrationAllowed: boolean;
}

export interface Project {
  readonly id: number;
  readonly path: string;
  readonly fullPath: string;
  readonly groupId: number;
  readonly createdAt: number;
  sharedRunnersEnabled: boolean;
  groupRunnersEnabled: boolean;
  readonly mergeRequests: MergeRequest[];
}

export interface MergeRequest {
  readonly iid: number;
  readonly id: number;
  readonly title: string;
  readonly notes: Note[];
}

export interface Note {
  readonly id: number;
  body: string;
  readonly authorId: number;
  readonly createdAt: number;
  updatedAt: number;
  readonly internal: boolean;
}

/**
 * A user's role in a group or project: Guest 10, Reporter 20, Developer 30, Maintainer 40, Owner
 * 50.
 */
export interface Role {
  readonly groupId?: number;
  readonly projectId?: number;
  readonly level: number;
}

export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly admin: boolean;
  /** May read everything, but change no more than other users. */
  readonly auditor: boolean;
  readonly roles: Role[];
}

export interface PersonalAccessToken {
  readonly id: number;
  readonly name: string;
  readonly userId: number;
  readonly digest: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  lastUsedAt: number | null;
  revoked: boolean;
}

export interface Runner {
  readonly id: number;
  readonly type: RunnerType;
  /** Its origin: a user (`POST /user/runners`) or a registration token. */
  readonly origin: "user" | "registration";
  readonly creatorId: number | null;
  readonly groupId: number | null;
  projectIds: readonly number[];
  readonly createdAt: number;
  /** Last change of its settings or its token. A contact does not count. */
  updatedAt: number;
  /** `info.name` from its registration. */
  readonly name: string | null;
  tokenDigest: string;
  tokenExpiresAt: number | null;
  description: string | null;
  maintenanceNote: string | null;
  paused: boolean;
  locked: boolean;
  accessLevel: AccessLevel;
  runUntagged: boolean;
  tags: readonly string[];
  maximumTimeout: number | null;
  contactedAt: number | null;
  /** The database column behind `contactedAt`, which list filters use. */
  contactedColumn: number | null;
  /** Set by the first job request. */
  creationFinished: boolean;
  /** From then on the runner can no longer renew its token. */
  tokenRotationDeadline: number | null;
  queueValue: { readonly value: string; readonly expiresAt: number } | null;
}

/** A runner manager: one gitlab-runner process, identified by a runner's token and a system ID. */
export interface Manager {
  readonly id: number;
  readonly runnerId: number;
  readonly systemId: string;
  readonly createdAt: number;
  /** Last change of the information that it reports. */
  updatedAt: number;
  contactedAt: number | null;
  contactedColumn: number | null;
  details: ManagerDetails;
}

export interface ManagerDetails {
  readonly version: string | null;
  readonly revision: string | null;
  readonly platform: string | null;
  readonly architecture: string | null;
  readonly executor: string | null;
  readonly ipAddress: string | null;
  readonly features: Readonly<Record<string, boolean>>;
}
