import * as pulumi from "@pulumi/pulumi";
import { asInput, userError } from "../user-error";
import type { CreatedNetworkSetting } from "../../contract/settings/types/network";
import type { PoolNetwork } from "./pool-network";

/** A network as the provider reads it. */
export interface NetworkFacts {
  readonly ipamConfigs: readonly { readonly subnet?: string | undefined }[] | undefined;
  readonly options: Readonly<Record<string, string>> | undefined;
}

/**
 * Fails if a network differs from its settings. Pulumi replaces a network when the settings in the
 * state change, but an older version of this program recorded no settings. The check waits for the
 * service, so that a failed update still records the settings.
 * @throws {pulumi.RunError} if the network differs
 */
export function failIfNetworkDiffers(
  { created }: PoolNetwork,
  serviceId: pulumi.Output<string>,
): void {
  if (created === undefined) return;
  const { network, setting } = created;
  pulumi
    .all([network.name, network.ipamConfigs, network.options, serviceId])
    .apply(([name, ipamConfigs, options]) =>
      asInput(compare(name, setting, { ipamConfigs, options })),
    );
}

function compare(name: string, setting: CreatedNetworkSetting, facts: NetworkFacts): Promise<void> {
  const differences = findNetworkDifferences(setting, facts);
  if (differences.length === 0) return Promise.resolve();
  const message = [
    `network ${name} was created by an older version of this program with other settings: run \`pulumi up\` once with the settings that the network has, then with yours:`,
    ...differences,
  ].join("\n  - ");
  return Promise.reject(userError(message));
}

/** Finds the differences between a network and its settings. Docker chooses an unset subnet. */
export function findNetworkDifferences(
  { subnet, encrypted = false }: CreatedNetworkSetting,
  { ipamConfigs = [], options = {} }: NetworkFacts,
): readonly string[] {
  const subnets = ipamConfigs.flatMap((config) => config.subnet ?? []);
  const isEncrypted = "encrypted" in options;
  return [
    ...(subnet === undefined || subnets.includes(subnet)
      ? []
      : [
          `\`network.subnet\` is ${subnet}, but the network has ${subnets.join(", ") || "a subnet that Docker chose"}`,
        ]),
    ...(encrypted === isEncrypted
      ? []
      : [
          `\`network.encrypted\` is ${String(encrypted)}, but the network is ${isEncrypted ? "" : "not "}encrypted`,
        ]),
  ];
}
