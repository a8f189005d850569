import * as z from "zod/mini";
import { duration } from "../../contract/duration";
import { isTokenText, TOKEN_KINDS } from "../../contract/token";
import {
  EXECUTORS,
  gitlabUrl,
  imageReference,
  MAX_CONCURRENT,
  MAX_DRAIN_TIMEOUT,
  MIN_MAXIMUM_TIMEOUT,
  PULL_POLICIES,
  runnerName,
  tags,
} from "../../contract/values";

const YEAR = 365 * 86_400;

const boolean = z.pipe(
  z.enum(["true", "false"], "must be true or false"),
  z.transform((text) => text === "true"),
);

const list = z.pipe(
  z.string(),
  z.transform((text) => text.split(",").flatMap((item) => item.trim() || [])),
);

const count = (max: number) =>
  z.pipe(
    z.string().check(z.regex(/^\d{1,6}$/, `must be a whole number from 1 to ${max}`)),
    z.pipe(
      z.transform(Number),
      z
        .number()
        .check(
          z.gte(1, `must be a whole number from 1 to ${max}`),
          z.lte(max, `must be a whole number from 1 to ${max}`),
        ),
    ),
  );

/** Settings of a replica, from the texts of its environment; times become seconds. */
export const settingsSchema = z.object({
  gitlabUrl,
  token: z
    .string()
    .check(
      z.refine(isTokenText, "must be 8 to 255 characters without blanks and quotes around it"),
    ),
  tokenKind: z.optional(z.enum(TOKEN_KINDS, `must be ${TOKEN_KINDS.join(" or ")}`)),
  runnerName: z._default(runnerName, "gitlab-runner-"),
  jobImage: z._default(imageReference, "ubuntu:24.04"),
  tags: z.optional(tags),
  runUntagged: z.optional(boolean),
  locked: z.optional(boolean),
  protected: z.optional(boolean),
  maximumTimeout: z.optional(duration(MIN_MAXIMUM_TIMEOUT, YEAR)),
  concurrent: z.prefault(count(MAX_CONCURRENT), "1"),
  drainTimeout: z.prefault(duration(0, MAX_DRAIN_TIMEOUT), "1h"),
  executor: z._default(z.enum(EXECUTORS, `must be ${EXECUTORS.join(" or ")}`), "docker"),
  dockerPrivileged: z.prefault(boolean, "false"),
  dockerVolumes: z.prefault(list, "/cache"),
  dockerPullPolicy: z._default(
    z.enum(PULL_POLICIES, `must be ${PULL_POLICIES.join(", ")}`),
    "always",
  ),
  dockerAllowedImages: z.prefault(list, ""),
  dockerHelperImage: z.optional(imageReference),
  dockerNetworkMode: z.optional(z.string()),
  pool: z.optional(z.string()),
  slot: z.optional(z.string()),
  generation: z.optional(z.string()),
});
