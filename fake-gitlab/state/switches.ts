import * as z from "zod/mini";
import { FAILURE_REASONS } from "./failure-reasons";

const seconds = z.number().check(z.gte(0));
const limit = z.nullable(z.int().check(z.gte(1)));

/** Settings of the instance that a test can change at any time. */
export const switchesSchema = z.object({
  /**
   * How long a job request with a current `last_update` is held; 0 responds at once.
   * @default 50
   */
  longPollSeconds: seconds,
  /**
   * Jobs stay pending until the runner confirms that it runs them.
   * @default false
   */
  twoPhaseCommit: z.boolean(),
  /**
   * With two-phase commit: how long the runner may take to confirm.
   * @default 120
   */
  jobAckSeconds: seconds,
  /**
   * Registration tokens are accepted; otherwise 410.
   * @default false, as in a new GitLab
   */
  registrationAllowed: z.boolean(),
  /** Instance-wide token prefix, such as `acme-`. @default "" */
  tokenPrefix: z.string(),
  /**
   * Listed in `features.failure_reasons`. The runner reports only those and maps the others:
   * without `runner_interrupted`, an aborted job becomes `unknown_failure`.
   * @default FAILURE_REASONS
   */
  failureReasons: z.array(z.string()),
  /**
   * A running job whose runner has been silent for this long fails as `no_updates_running`.
   * @default 3600
   */
  orphanTimeoutSeconds: seconds,
  /**
   * How often the runner should send the log; null: every 3 s while somebody watches the log,
   * otherwise every 60 s.
   * @default null
   */
  traceIntervalSeconds: z.nullable(seconds),
  /**
   * Maximum size of a job's log in bytes. A longer log fails the job.
   * @default 100 MiB
   */
  traceSizeLimit: seconds,
  /**
   * Maximum size of an artifact file in bytes (413 above).
   * @default 100 MiB
   */
  artifactSizeLimit: seconds,
  /**
   * Lifetime of runner tokens that are created or reset from now on; null: they do not expire.
   * @default null
   */
  runnerTokenLifeSeconds: z.nullable(seconds),
  /**
   * Lifetime of job tokens that are issued from now on; null: they expire only with the job.
   * @default null
   */
  jobTokenLifeSeconds: z.nullable(seconds),
  /**
   * How long storing the end of a job's log takes. Until then, a final `PUT` with a checksum gets
   * 202.
   * @default 0
   */
  traceStoreSeconds: seconds,
  /**
   * Which registration tokens are enabled in addition to the instance's.
   * @default both
   */
  registrars: z.array(z.enum(["group", "project"])),
  /**
   * An administrator's token requires the scope `admin_mode` for what only administrators may do.
   * @default false
   */
  adminMode: z.boolean(),
  /**
   * Maintenance: every change gets 503 with `Retry-After`.
   * @default false
   */
  maintenanceMode: z.boolean(),
  /**
   * Database migrations are running: all requests of runners get 429 with `Retry-After`.
   * @default false
   */
  databaseMigrations: z.boolean(),
  /**
   * Job requests per minute with one runner token (429 above); null: no limit.
   * @default 2000
   */
  jobRequestsPerMinute: limit,
  /**
   * Log updates and other requests per minute with one job token (429 above); null: no limit.
   * @default 200
   */
  jobCallsPerMinute: limit,
  /**
   * Notes per minute that one user may write (429 above); null: no limit.
   * @default 300
   */
  notesPerMinute: limit,
  /**
   * Requests per minute from one address (429 with plain text above); null: no limit.
   * @default null
   */
  requestsPerMinute: limit,
  /**
   * The hourly cleanup removes managers without contact for 7 days.
   * @default true
   */
  cleanUpManagers: z.boolean(),
});

export type Switches = z.infer<typeof switchesSchema>;

const MIB = 1024 * 1024;

/** The switches of a new GitLab. */
export const DEFAULT_SWITCHES: Switches = {
  longPollSeconds: 50,
  twoPhaseCommit: false,
  jobAckSeconds: 120,
  registrationAllowed: false,
  tokenPrefix: "",
  failureReasons: [...FAILURE_REASONS],
  orphanTimeoutSeconds: 3600,
  traceIntervalSeconds: null,
  traceSizeLimit: 100 * MIB,
  artifactSizeLimit: 100 * MIB,
  runnerTokenLifeSeconds: null,
  jobTokenLifeSeconds: null,
  traceStoreSeconds: 0,
  registrars: ["group", "project"],
  adminMode: false,
  maintenanceMode: false,
  databaseMigrations: false,
  jobRequestsPerMinute: 2000,
  jobCallsPerMinute: 200,
  notesPerMinute: 300,
  requestsPerMinute: null,
  cleanUpManagers: true,
};
