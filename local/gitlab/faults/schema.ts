import * as z from "zod/mini";

const ms = z.number().check(z.gte(0));
const status = z.int().check(z.gte(100), z.lte(599));

/** What happens to a request that a fault catches. */
export const faultActionSchema = z.discriminatedUnion("kind", [
  /** Answers by itself; GitLab never sees the request. Without a body it is GitLab's usual message. */
  z.object({
    kind: z.literal("status"),
    status,
    body: z.optional(z.unknown()),
    headers: z.optional(z.record(z.string(), z.string())),
  }),
  /** Lets the request wait, then handles it. */
  z.object({ kind: z.literal("delay"), ms }),
  /** Never answers, until the fault is cleared or the client leaves. */
  z.object({ kind: z.literal("hang") }),
  /** Cuts the connection; GitLab never sees the request. */
  z.object({ kind: z.literal("reset") }),
  z.object({
    kind: z.literal("redirect"),
    location: z.string(),
    status: z.optional(status),
  }),
  /** Answers with text that is no JSON, as a proxy in front of GitLab may do. */
  z.object({ kind: z.literal("text"), text: z.string(), status: z.optional(status) }),
  /** Handles the request and then holds the answer back. */
  z.object({ kind: z.literal("hold answer"), ms }),
  /** Handles the request and then cuts the connection: GitLab did it, the client does not know. */
  z.object({ kind: z.literal("drop answer") }),
]);

export const faultSchema = z.object({
  /**
   * Which requests: method and pattern below /api/v4, `*` for any text, such as `POST /jobs/request`, `* /runners/*` or
   * `PATCH /jobs/12/trace`. @default every request to the API
   */
  endpoint: z.optional(z.string()),
  runnerId: z.optional(z.int()),
  systemId: z.optional(z.string()),
  jobId: z.optional(z.int()),
  /** Only requests that carry this runner or job token. */
  token: z.optional(z.string()),
  /** For `hold answer` and `drop answer`: only answers of this status. */
  onlyStatus: z.optional(status),
  /** How many requests it catches before it ends. @default all until it is cleared */
  times: z.optional(z.int().check(z.gte(1))),
  /** Share of the matching requests that it catches, drawn with `seed`. @default 1 */
  probability: z.optional(z.number().check(z.gte(0), z.lte(1))),
  /** @default 1 */
  seed: z.optional(z.int()),
  action: faultActionSchema,
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultAction = z.infer<typeof faultActionSchema>;
