import * as z from "zod/mini";
import { readObject, type ObjectReader } from "./read-objects";

/** What Swarm knows about a node before it assigns a task to it. */
export interface NodeResources {
  /** Its host name, or its ID if it has not reported a host name yet. */
  readonly name: string;
  /** `ready`, `down`, `disconnected` or `unknown`. */
  readonly state: string;
  /** `active`, `pause` or `drain`. */
  readonly availability: string;
  /** Undefined if the node has not reported it. */
  readonly cpus: number | undefined;
  /** Undefined if the node has not reported it. */
  readonly memoryBytes: number | undefined;
}

const NANO = 1e9;

const schema = z.object({
  ID: z.string(),
  Spec: z.optional(z.object({ Availability: z.optional(z.string()) })),
  Status: z.optional(z.object({ State: z.optional(z.string()) })),
  Description: z.optional(
    z.object({
      Hostname: z.optional(z.string()),
      Resources: z.optional(
        z.object({ NanoCPUs: z.optional(z.number()), MemoryBytes: z.optional(z.number()) }),
      ),
    }),
  ),
});

/** Reads all nodes with their resources. */
export async function readNodeResources(engine: ObjectReader): Promise<readonly NodeResources[]> {
  return (await readObject(engine, "/nodes", z.array(schema))).map(toNode);
}

function toNode({ ID, Spec, Status, Description }: z.infer<typeof schema>): NodeResources {
  const { NanoCPUs, MemoryBytes } = Description?.Resources ?? {};
  return {
    name: Description?.Hostname ?? ID,
    state: Status?.State ?? "unknown",
    availability: Spec?.Availability ?? "active",
    cpus: NanoCPUs === undefined ? undefined : NanoCPUs / NANO,
    memoryBytes: MemoryBytes,
  };
}
