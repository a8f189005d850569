import { expect } from "@jest/globals";
import type { Controls } from "../../../../fake-gitlab";
import {
  createTestGitlab,
  tokenHeader,
  withRunningJob,
  type TestGitlab,
} from "../../../support/gitlab-instance";

type TokenParams = NonNullable<Parameters<Controls["createPersonalAccessToken"]>[0]>;
type Call = Parameters<TestGitlab["api"]>[0];
type Headers = Readonly<Record<string, string>>;

/** A request and GitLab's response to it, taken from GitLab's own tests. */
export interface Case {
  /** Family and number, such as `reg-02`. */
  readonly id: string;
  /**
   * Method and pattern of the tested request. The harness checks that the case sends it.
   */
  readonly call: string;
  readonly given: string;
  /** Sets up what is given, sends the request, and returns what can be observed. */
  readonly observe: (gitlab: World) => Promise<unknown>;
  readonly expected: unknown;
}

/** A table of cases. */
export function cases(table: readonly Case[]): readonly Case[] {
  return table;
}

/** A fake GitLab whose clock stands still, with what most cases need. */
export interface World extends TestGitlab {
  /** Returns the status and the body of a response. */
  ask(call: Call, body?: object | Buffer | null, headers?: Headers): Promise<readonly unknown[]>;
  status(call: Call, body?: object | Buffer | null, headers?: Headers): Promise<number>;
  /** Returns a header with a new token, by default with all scopes of the administrator. */
  token(params?: TokenParams): Promise<Headers>;
  /**
   * Header with the token of a new user with a role in the group `ci` or, by default, the project
   * `ci/demo`.
   */
  member(level: number, where?: "group" | "project", more?: TokenParams): Promise<Headers>;
  /** A registration token, with registration tokens switched on. */
  registrationToken(owner?: string): Promise<string>;
  /** A job that a new instance runner runs. */
  running(job?: Parameters<typeof withRunningJob>[1]): ReturnType<typeof withRunningJob>;
  /** Queues a job. @returns its number */
  job(job?: Partial<Parameters<Controls["enqueueJob"]>[0]>): Promise<number>;
}

export const GUEST = 10;
export const REPORTER = 20;
export const DEVELOPER = 30;
export const MAINTAINER = 40;
export const OWNER = 50;

export const LAST_UPDATE = "x-gitlab-last-update";
export const INTERVAL = "x-gitlab-trace-update-interval";

/** A runner of the group `ci`. */
export const OF_GROUP = { type: "group_type", groupId: 1 } as const;
/** A runner of the project `ci/demo`. */
export const OF_PROJECT = { type: "project_type", projectId: 1 } as const;

export const TEXT: unknown = expect.any(String);
export const NUMBER: unknown = expect.any(Number);

/** An object with these fields, and perhaps others. */
export function has(fields: object): unknown {
  return expect.objectContaining({ ...fields });
}

/** A text that matches. */
export function like(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** GitLab's answer of a status with a message. */
export function message(status: number, text: string): readonly unknown[] {
  return [status, { message: text }];
}

/** What a check of parameters says. */
export function error(text: string): readonly unknown[] {
  return [400, { error: text }];
}

export const FORBIDDEN = message(403, "403 Forbidden");
export const LIMITED = [
  429,
  { message: { error: "This endpoint has been requested too many times. Try again later." } },
  "60",
];

let users = 0;

/** A new world. */
export async function createWorld(): Promise<World> {
  const gitlab = await createTestGitlab();
  const ask: World["ask"] = async (call, body, headers) => {
    const { status, json } = await gitlab.api(call, body, headers);
    return [status, json];
  };
  return {
    ...gitlab,
    ask,
    status: async (call, body, headers) => (await gitlab.api(call, body, headers)).status,
    token: (params) => tokenHeader(gitlab, params),
    member: (level, where = "project", more = {}) => {
      users += 1;
      const role = where === "group" ? { groupId: 1, level } : { projectId: 1, level };
      return tokenHeader(gitlab, { username: `user${users}`, roles: [role], ...more });
    },
    registrationToken: async (owner) => {
      await gitlab.controls.setSwitches({ registrationAllowed: true });
      const { token } = await gitlab.controls.registrationToken(
        owner === undefined ? {} : { owner },
      );
      return token;
    },
    running: (job) => withRunningJob(gitlab, job),
    job: async (job) => (await gitlab.controls.enqueueJob({ script: ["true"], ...job })).id,
  };
}

/** The fields of an object, sorted. */
export function keys(value: unknown): readonly string[] {
  return Object.keys(value as object).sort();
}

/** A body as a form. */
export function form(fields: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(new URLSearchParams(fields).toString());
}

export const AS_FORM = { "content-type": "application/x-www-form-urlencoded" };
