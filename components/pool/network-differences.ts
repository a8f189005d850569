import * as pulumi from "@pulumi/pulumi";
import { asInput, userError } from "../user-error";
import { MTU_OPTION } from "../../contract/swarm";
import type { CreatedNetworkSetting, NewNetwork } from "../../contract/settings/types/network";
import { nameEntry } from "../settings/problems";
import type { PoolNetwork } from "./pool-network";

/** A network as the provider reads it. */
export interface NetworkFacts {
  readonly ipamConfigs: readonly { readonly subnet?: string | undefined }[] | undefined;
  readonly options: Readonly<Record<string, string>> | undefined;
  readonly internal?: boolean;
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
  nameOfNetwork: string,
): void {
  if (created === undefined) return;
  const { network, setting } = created;
  pulumi
    .all([network.name, network.ipamConfigs, network.options, network.internal, serviceId])
    .apply(([name, ipamConfigs, options, internal]) =>
      asInput(compare(name, nameOfNetwork, setting, { ipamConfigs, options, internal })),
    );
}

function compare(
  name: string,
  nameOfNetwork: string,
  setting: CreatedNetworkSetting,
  facts: NetworkFacts,
): Promise<void> {
  const differences = findNetworkDifferences(nameOfNetwork, setting, facts);
  if (differences.length === 0) return Promise.resolve();
  const message = [
    `network ${name} was created by an older version of this program with other settings: run \`pulumi up\` once with the settings that the network has, then with yours:`,
    ...differences,
  ].join("\n  - ");
  return Promise.reject(userError(message));
}

/**
 * Finds the differences between a network and its settings. Docker chooses an unset subnet.
 * @param nameOfNetwork the setting as the user wrote it, such as `` `network` ``
 */
export function findNetworkDifferences(
  nameOfNetwork: string,
  { subnet, encrypted = false, internal = false, mtu }: CreatedNetworkSetting,
  { ipamConfigs = [], options = {}, internal: isInternal = false }: NetworkFacts,
): readonly string[] {
  const subnets = ipamConfigs.flatMap((config) => config.subnet ?? []);
  const isEncrypted = "encrypted" in options;
  const name = (entry: keyof NewNetwork) => nameEntry(nameOfNetwork, entry);
  const foundMtu = options[MTU_OPTION];
  return [
    ...(subnet === undefined || subnets.includes(subnet)
      ? []
      : [
          `${name("subnet")} is ${subnet}, but the network has ${subnets.join(", ") || "a subnet that Docker chose"}`,
        ]),
    ...(encrypted === isEncrypted
      ? []
      : [
          `${name("encrypted")} is ${String(encrypted)}, but the network is ${isEncrypted ? "" : "not "}encrypted`,
        ]),
    ...(internal === isInternal
      ? []
      : [
          `${name("internal")} is ${String(internal)}, but the network is ${isInternal ? "" : "not "}internal`,
        ]),
    ...(mtu?.toString() === foundMtu
      ? []
      : [
          `${name("mtu")} is ${mtu ?? "unset"}, but the network has ${foundMtu === undefined ? "Docker's MTU" : `the MTU ${foundMtu}`}`,
        ]),
  ];
}
