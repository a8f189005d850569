import { getMessage, userError } from "../components/user-error";
import { bundleEntrypoint } from "./bundle-entrypoint";

const SOURCE = "runner-image/src/main.ts";
const TARGET = "runner-image/dist/main.js";

/**
 * Bundles the entrypoint of the runner image in a checkout of this repository. The npm package
 * contains the bundle.
 * @param root the checkout
 * @throws {pulumi.RunError} if the sources cannot be bundled
 */
export function bundleRunnerImage(root: string): void {
  try {
    bundleEntrypoint(root, SOURCE, TARGET);
  } catch (error) {
    throw userError(`cannot bundle the entrypoint ${SOURCE}: ${getMessage(error)}`);
  }
}
