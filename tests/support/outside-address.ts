import { networkInterfaces } from "node:os";

/**
 * Returns an IPv4 address of this machine that is not a loopback address. Programs reach a loopback
 * address without their proxy.
 */
export function findOutsideAddress(): string {
  const found = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === "IPv4" && !internal);
  if (found === undefined) throw new Error("this machine has only loopback addresses");
  return found.address;
}
