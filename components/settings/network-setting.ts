import * as z from "zod/mini";
import { parse, parseJson } from "./parsers";

/** The network of a pool's replicas: one that exists, or how to create one. */
export type NetworkSetting =
  | { readonly kind: "existing"; readonly name: string }
  | {
      readonly kind: "created";
      /** CIDR; Docker chooses one by default. */
      readonly subnet?: string | undefined;
      /** Encrypt the traffic between nodes. */
      readonly encrypted?: boolean | undefined;
    };

const created = z.strictObject({
  subnet: z.optional(z.cidrv4()),
  encrypted: z.optional(z.boolean()),
});

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/;

/** A network's name, or an object with the settings of one that is created. */
export const network = parse<NetworkSetting>((value) => {
  const written =
    typeof value === "string" && value.trim().startsWith("{") ? parseJson(value) : value;
  if (typeof written === "string" && NAME.test(written)) {
    return { value: { kind: "existing", name: written } };
  }
  const settings = created.safeParse(written);
  return settings.success
    ? { value: { kind: "created", ...settings.data } }
    : {
        problem:
          'must be the name of a network, or an object with subnet (such as "10.20.0.0/20") and encrypted (true or false)',
      };
});
