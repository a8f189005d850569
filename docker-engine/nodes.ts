import * as z from "zod/mini";
import { readObject, type ObjectReader } from "./read-objects";

/** A node of the swarm. */
export interface Node {
  readonly id: string;
  /** Its host name, or its ID if it has not reported a host name yet. */
  readonly name: string;
}

const schema = z.object({
  ID: z.string(),
  Description: z.optional(z.object({ Hostname: z.optional(z.string()) })),
});

/** Reads all nodes. */
export async function readNodes(engine: ObjectReader): Promise<readonly Node[]> {
  const nodes = await readObject(engine, "/nodes", z.array(schema));
  return nodes.map(({ ID, Description }) => ({ id: ID, name: Description?.Hostname ?? ID }));
}
