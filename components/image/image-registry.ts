import * as pulumi from "@pulumi/pulumi";
import { asInput, userResourceError } from "../user-error";
import {
  registryAddress,
  type RegistryAddress,
} from "../../contract/settings/types/registry-address";
import { showValue } from "../../contract/show-value";
import type { RunnerImageRegistryArgs } from "./runner-image-args";

/** A registry and the source of its login. */
export interface ImageRegistry {
  /** Checked as soon as its value is known. */
  readonly address: pulumi.Output<RegistryAddress>;
  readonly login: ImageLogin;
}

/**
 * Where the login of a registry comes from.
 * - `unknown`: from the docker provider or this machine; there may be none
 * - `provider`: from the docker provider or this machine; there must be one
 * - `own`: from the component's arguments
 */
export type ImageLogin =
  | { readonly kind: "unknown" }
  | { readonly kind: "provider"; readonly address: RegistryAddress }
  | {
      readonly kind: "own";
      readonly address: RegistryAddress;
      readonly username: pulumi.Input<string>;
      readonly password: pulumi.Input<string>;
    };

/**
 * Reads the argument `registry`.
 * @throws {pulumi.ResourceError} if its value is known and invalid
 */
export function readRegistry(
  image: pulumi.Resource,
  registry: pulumi.Input<string> | RunnerImageRegistryArgs,
): ImageRegistry {
  if (typeof registry === "string") {
    const address = readAddress(image, "registry", registry);
    return { address: pulumi.output(address), login: { kind: "unknown" } };
  }
  if (!isRegistryArgs(registry)) {
    const address = pulumi
      .output(registry)
      .apply((text) => asInput(Promise.resolve().then(() => readAddress(image, "registry", text))));
    return { address, login: { kind: "unknown" } };
  }
  const address = readAddress(image, "registry.address", registry.address);
  return { address: pulumi.output(address), login: readLogin(image, registry, address) };
}

function readLogin(
  image: pulumi.Resource,
  { username, password }: RunnerImageRegistryArgs,
  address: RegistryAddress,
): ImageLogin {
  if (username !== undefined) {
    return password === undefined
      ? { kind: "provider", address }
      : { kind: "own", address, username, password };
  }
  if (password === undefined) return { kind: "unknown" };
  throw userResourceError("`registry.password` requires `registry.username`", image);
}

function readAddress(image: pulumi.Resource, argument: string, text: string): RegistryAddress {
  const parsed = registryAddress.parse(text);
  if ("value" in parsed) return parsed.value;
  throw userResourceError(`\`${argument}\` ${parsed.problem}, got ${showValue(text)}`, image);
}

function isRegistryArgs(
  registry: pulumi.Input<string> | RunnerImageRegistryArgs,
): registry is RunnerImageRegistryArgs {
  return !pulumi.Output.isInstance(registry) && !(registry instanceof Promise);
}
