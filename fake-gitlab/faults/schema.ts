import * as z from "zod/mini";

const ms = z.number().check(z.gte(0));
const status = z.int().check(z.gte(100), z.lte(599));

/** What happens to a request that a fault catches. */
export const faultActionSchema = z.discriminatedUnion("kind", [
  /**
   * Responds with JSON. GitLab does not see the request. The default body is GitLab's usual
   * message. The default 429 is that of an application's rate limit, with `Retry-After: 60`.
   */
  z.object({
    kind: z.literal("status"),
    status,
    body: z.optional(z.unknown()),
    headers: z.optional(z.record(z.string(), z.string())),
  }),
  /** Delays the request and then handles it. */
  z.object({ kind: z.literal("delay"), ms }),
  /** Does not respond until the fault is cleared or the client disconnects. */
  z.object({ kind: z.literal("hang") }),
  /** Resets the connection. GitLab does not see the request. */
  z.object({ kind: z.literal("reset") }),
  z.object({
    kind: z.literal("redirect"),
    location: z.string(),
    status: z.optional(status),
  }),
  /** Responds with any text, by default HTML, as a proxy in front of GitLab may do. */
  z.object({
    kind: z.literal("text"),
    text: z.string(),
    /** @default 200 */
    status: z.optional(status),
    /** @default "text/html" */
    contentType: z.optional(z.string()),
    headers: z.optional(z.record(z.string(), z.string())),
  }),
  /** Responds with 101, as if the client had requested another protocol, and then stays silent. */
  z.object({
    kind: z.literal("switch protocols"),
    /** @default "websocket" */
    protocol: z.optional(z.string()),
  }),
  /** Responds with an endless body until the fault is cleared or the client disconnects. */
  z.object({
    kind: z.literal("endless"),
    /** @default 200 */
    status: z.optional(status),
    /** @default "application/json" */
    contentType: z.optional(z.string()),
    /**
     * Start of the body.
     * @default "["
     */
    start: z.optional(z.string()),
    /**
     * Chunk that is repeated.
     * @default " "
     */
    repeat: z.optional(z.string()),
    /**
     * Time between two chunks; 0 sends as fast as the client reads.
     * @default 100
     */
    everyMs: z.optional(ms),
  }),
  /** Announces a longer body than it sends, and then closes the connection. */
  z.object({
    kind: z.literal("cut body"),
    text: z.string(),
    /** @default 200 */
    status: z.optional(status),
    /** @default "application/json" */
    contentType: z.optional(z.string()),
  }),
  /** Handles the request and then delays the response. */
  z.object({ kind: z.literal("hold answer"), ms }),
  /** Handles the request and then resets the connection, so the client does not know the result. */
  z.object({ kind: z.literal("drop answer") }),
]);

export const faultSchema = z.object({
  /**
   * Which requests to catch: method and pattern below /api/v4, with `*` as a wildcard, such as
   * `POST /jobs/request`, `* /runners/*` or `PATCH /jobs/12/trace`.
   * @default every request to the API
   */
  endpoint: z.optional(z.string()),
  runnerId: z.optional(z.int()),
  systemId: z.optional(z.string()),
  jobId: z.optional(z.int()),
  /** Only requests with this runner or job token. */
  token: z.optional(z.string()),
  /** For `hold answer` and `drop answer`: only responses with this status. */
  onlyStatus: z.optional(status),
  /**
   * Number of requests to catch.
   * @default all until it is cleared
   */
  times: z.optional(z.int().check(z.gte(1))),
  /**
   * Share of the matching requests to catch, drawn with `seed`.
   * @default 1
   */
  probability: z.optional(z.number().check(z.gte(0), z.lte(1))),
  /** @default 1 */
  seed: z.optional(z.int()),
  action: faultActionSchema,
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultAction = z.infer<typeof faultActionSchema>;
