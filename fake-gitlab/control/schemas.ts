import * as z from "zod/mini";
import { faultSchema } from "../faults/schema";
import { JOB_STATUSES } from "../state/job";
import { switchesSchema } from "../state/switches";
import { ACCESS_LEVELS, RUNNER_TYPES } from "../state/types";

const id = z.int().check(z.gte(1));
const nothing = z.object({});
const byId = z.object({ id });
const byRunner = z.object({ runnerId: id });

/** A project by ID or full path. */
const projectRef = z.union([id, z.string()]);

const imageSchema = z.object({
  name: z.string(),
  alias: z.optional(z.string()),
  entrypoint: z.optional(z.array(z.string())),
  command: z.optional(z.array(z.string())),
  pullPolicy: z.optional(z.array(z.string())),
  /** Options for the docker executor. */
  docker: z.optional(z.object({ user: z.optional(z.string()) })),
});

const variableSchema = z.object({
  key: z.string(),
  value: z.string(),
  masked: z.optional(z.boolean()),
  file: z.optional(z.boolean()),
  raw: z.optional(z.boolean()),
  public: z.optional(z.boolean()),
});

const artifactSchema = z.object({
  name: z.optional(z.string()),
  paths: z.array(z.string()),
  exclude: z.optional(z.array(z.string())),
  /** @default "on_success" */
  when: z.optional(z.enum(["on_success", "on_failure", "always"])),
  expireIn: z.optional(z.string()),
  /** @default "archive" */
  type: z.optional(z.string()),
  /** @default "zip" */
  format: z.optional(z.string()),
});

const cacheSchema = z.object({
  /** @default "default" */
  key: z.optional(z.string()),
  paths: z.array(z.string()),
  /** @default "pull-push" */
  policy: z.optional(z.enum(["pull", "push", "pull-push"])),
  /** @default "on_success" */
  when: z.optional(z.enum(["on_success", "on_failure", "always"])),
  untracked: z.optional(z.boolean()),
  fallbackKeys: z.optional(z.array(z.string())),
});

export const enqueueJobSchema = z.object({
  /** @default "ci/demo" */
  project: z.optional(projectRef),
  /** @default "job" */
  name: z.optional(z.string()),
  /** @default "test" */
  stage: z.optional(z.string()),
  /** Lines of the script. */
  script: z.array(z.string()),
  afterScript: z.optional(z.array(z.string())),
  /** Image of the job, as a name or with options. */
  image: z.optional(z.union([z.string(), imageSchema])),
  services: z.optional(z.array(z.union([z.string(), imageSchema]))),
  /** Tags that a runner must have. A job without tags needs a runner that runs untagged jobs. */
  tags: z.optional(z.array(z.string())),
  /**
   * Branch, or tag with `isTag`.
   * @default "main"
   */
  ref: z.optional(z.string()),
  isTag: z.optional(z.boolean()),
  /**
   * Whether the ref is protected.
   * @default false
   */
  protected: z.optional(z.boolean()),
  /** @default 3600 */
  timeoutSeconds: z.optional(z.int().check(z.gte(1))),
  /**
   * GitLab's `retry: {max, when}`. Without `when`, it always retries.
   * @default no retry
   */
  retry: z.optional(
    z.object({ max: z.int().check(z.gte(0), z.lte(2)), when: z.optional(z.array(z.string())) }),
  ),
  artifacts: z.optional(z.array(artifactSchema)),
  cache: z.optional(z.array(cacheSchema)),
  variables: z.optional(z.array(variableSchema)),
  /**
   * Whether the pipeline continues when the job fails, always or with certain exit codes.
   * @default false
   */
  allowFailure: z.optional(z.union([z.boolean(), z.object({ exitCodes: z.array(z.int()) })])),
  /**
   * Jobs that must succeed first and whose artifacts this job gets. They share this job's pipeline.
   */
  needs: z.optional(z.array(id)),
  /**
   * Git repository to fetch, by default that of the project. Without one, the job runs with
   * `GIT_STRATEGY=none`.
   */
  git: z.optional(
    z.object({
      url: z.optional(z.string()),
      sha: z.string(),
      depth: z.optional(z.int().check(z.gte(0))),
    }),
  ),
  /**
   * Delay of the 201 response after the job is assigned.
   * @default 0
   */
  holdAnswerMs: z.optional(z.int().check(z.gte(0))),
});

export type EnqueueJob = z.infer<typeof enqueueJobSchema>;

const roleSchema = z.object({
  groupId: z.optional(id),
  projectId: z.optional(id),
  /** Guest 10, Reporter 20, Developer 30, Maintainer 40, Owner 50. */
  level: z.int(),
});

const runnerSettings = {
  description: z.optional(z.string()),
  tags: z.optional(z.array(z.string())),
  runUntagged: z.optional(z.boolean()),
  locked: z.optional(z.boolean()),
  paused: z.optional(z.boolean()),
  accessLevel: z.optional(z.enum(ACCESS_LEVELS)),
  maximumTimeout: z.optional(z.int()),
};

/** Parameters of every control. */
export const controlSchemas = {
  createPersonalAccessToken: z.object({
    /**
     * The user, who is created if the name is new.
     * @default "root"
     */
    username: z.optional(z.string()),
    /**
     * For a user created here. `root` is an administrator.
     * @default false
     */
    admin: z.optional(z.boolean()),
    /**
     * For a user created here: may read everything.
     * @default false
     */
    auditor: z.optional(z.boolean()),
    /** For a user created here. */
    roles: z.optional(z.array(roleSchema)),
    /** @default ["api"] */
    scopes: z.optional(z.array(z.string())),
    /**
     * Epoch milliseconds by GitLab's clock.
     * @default never
     */
    expiresAt: z.optional(z.number()),
    /**
     * The token, if it must have a given value.
     * @default a new one
     */
    token: z.optional(z.string()),
  }),
  revokePersonalAccessToken: byId,
  registrationToken: z.object({ owner: z.optional(z.string()) }),
  setRegistrationToken: z.object({ owner: z.optional(z.string()), token: z.string() }),
  createGroup: z.object({
    path: z.string(),
    /**
     * For a top-level group: whether its registration tokens and those of everything below it are
     * enabled.
     * @default true
     */
    registrationAllowed: z.optional(z.boolean()),
  }),
  deleteGroup: byId,
  deleteProject: byId,
  createProject: z.object({
    path: z.string(),
    sharedRunnersEnabled: z.optional(z.boolean()),
    groupRunnersEnabled: z.optional(z.boolean()),
  }),
  createMergeRequest: z.object({ project: z.optional(projectRef), title: z.string() }),
  createRunner: z.object({
    /** @default "instance_type" */
    type: z.optional(z.enum(RUNNER_TYPES)),
    groupId: z.optional(id),
    projectId: z.optional(id),
    ...runnerSettings,
  }),
  editRunner: z.object({ runnerId: id, ...runnerSettings }),
  resetRunnerToken: byRunner,
  deleteRunner: byRunner,
  deleteManager: z.object({ runnerId: id, systemId: z.string() }),
  runners: nothing,
  managers: z.object({ runnerId: z.optional(id) }),
  enqueueJob: enqueueJobSchema,
  job: byId,
  jobs: z.object({ status: z.optional(z.enum(JOB_STATUSES)) }),
  trace: byId,
  cancelJob: z.object({ id, force: z.optional(z.boolean()) }),
  retryJob: byId,
  switches: nothing,
  setSwitches: z.partial(switchesSchema),
  advanceClock: z.object({ ms: z.number().check(z.gte(0)) }),
  addFault: faultSchema,
  clearFaults: z.object({ id: z.optional(id) }),
  faults: nothing,
  events: z.object({
    /**
     * Only events after this number.
     * @default 0
     */
    after: z.optional(z.int().check(z.gte(0))),
    /**
     * How long to wait for an event if there is none.
     * @default 0
     */
    waitMs: z.optional(z.int().check(z.gte(0), z.lte(60_000))),
  }),
} as const;

export type ControlName = keyof typeof controlSchemas;
