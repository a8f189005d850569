import * as z from "zod/mini";
import { readObject, type ObjectReader } from "./read-objects";
import { resourcesSchema, toResources, type Resources } from "./resources";

/** A node of the swarm, with what Swarm knows about it before it assigns a task to it. */
export interface Node {
  readonly id: string;
  /** Its host name, or its ID if it has not reported a host name yet. */
  readonly name: string;
  /** `manager` or `worker`. */
  readonly role: string;
  /** `ready`, `down`, `disconnected` or `unknown`. */
  readonly state: string;
  /** `active`, `pause` or `drain`. */
  readonly availability: string;
  /** Its IP address; empty if it is unknown. */
  readonly address: string;
  /** The labels of `docker node update --label-add`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The labels of the engine's configuration. */
  readonly engineLabels: Readonly<Record<string, string>>;
  /** Such as `linux`; undefined if the node has not reported it. */
  readonly os: string | undefined;
  /** Such as `x86_64`; undefined if the node has not reported it. */
  readonly architecture: string | undefined;
  /** What the node has; undefined if it has not reported it. */
  readonly resources: Resources | undefined;
}

const labelsSchema = z.nullish(z.record(z.string(), z.string()));

const schema = z.object({
  ID: z.string(),
  Spec: z.optional(
    z.object({
      Role: z.optional(z.string()),
      Availability: z.optional(z.string()),
      Labels: labelsSchema,
    }),
  ),
  Status: z.optional(z.object({ State: z.optional(z.string()), Addr: z.optional(z.string()) })),
  Description: z.optional(
    z.object({
      Hostname: z.optional(z.string()),
      Platform: z.optional(
        z.object({ Architecture: z.optional(z.string()), OS: z.optional(z.string()) }),
      ),
      Resources: z.optional(resourcesSchema),
      Engine: z.optional(z.object({ Labels: labelsSchema })),
    }),
  ),
});

/** Reads all nodes. */
export async function readNodes(engine: ObjectReader): Promise<readonly Node[]> {
  return (await readObject(engine, "/nodes", z.array(schema))).map(toNode);
}

function toNode({ ID, Spec, Status, Description }: z.infer<typeof schema>): Node {
  const { Hostname, Platform, Resources, Engine } = Description ?? {};
  return {
    id: ID,
    name: Hostname ?? ID,
    role: Spec?.Role ?? "worker",
    state: Status?.State ?? "unknown",
    availability: Spec?.Availability ?? "active",
    address: Status?.Addr ?? "",
    labels: Spec?.Labels ?? {},
    engineLabels: Engine?.Labels ?? {},
    os: Platform?.OS,
    architecture: Platform?.Architecture,
    resources: Resources === undefined ? undefined : toResources(Resources),
  };
}

/** Whether Swarm assigns tasks to a node. */
export function isAvailable({
  state,
  availability,
}: Pick<Node, "state" | "availability">): boolean {
  return state === "ready" && availability === "active";
}

/** Says why Swarm assigns no tasks to a node: `node n1 is down`, `node n1 is set to drain`. */
export function describeUnavailable({ name, state, availability }: Node): string {
  return `node ${name} is ${state === "ready" ? `set to ${availability}` : state}`;
}
