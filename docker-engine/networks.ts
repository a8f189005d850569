import * as z from "zod/mini";
import { readObject, type ObjectReader } from "./read-objects";

/** A network that the engine knows. */
export interface Network {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly scope: string;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly subnets: readonly string[];
}

const schema = z.object({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string(),
  Scope: z.string(),
  Attachable: z.optional(z.boolean()),
  Labels: z.nullish(z.record(z.string(), z.string())),
  IPAM: z.nullish(
    z.object({ Config: z.nullish(z.array(z.object({ Subnet: z.optional(z.string()) }))) }),
  ),
});

/** Reads all networks. */
export async function readNetworks(engine: ObjectReader): Promise<readonly Network[]> {
  return (await readObject(engine, "/networks", z.array(schema))).map(toNetwork);
}

/** Finds a network by its name. */
export async function findNetwork(
  engine: ObjectReader,
  name: string,
): Promise<Network | undefined> {
  const query = { filters: { name: [name] } };
  const found = await readObject(engine, "/networks", z.array(schema), query);
  // Docker also returns names that contain this name.
  return found.map(toNetwork).find((network) => network.name === name);
}

function toNetwork(network: z.infer<typeof schema>): Network {
  return {
    id: network.Id,
    name: network.Name,
    driver: network.Driver,
    scope: network.Scope,
    attachable: network.Attachable ?? false,
    labels: network.Labels ?? {},
    subnets: (network.IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []),
  };
}
