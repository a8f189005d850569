import { createRequire } from "node:module";
import type * as gitlab from "@pulumi/gitlab";
import type * as pulumi from "@pulumi/pulumi";
import { userResourceError } from "../user-error";

const NAME = "@pulumi/gitlab";

/**
 * Loads the package that creates runners. A program that supplies tokens does not need the package.
 * @param from file from which the package is resolved
 * @throws {pulumi.ResourceError} if the package is not installed
 */
export function loadGitlab(pool: pulumi.Resource, from: string = __filename): typeof gitlab {
  try {
    return createRequire(from)(NAME) as typeof gitlab;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw userResourceError(
      `\`runnerScope\` requires the package ${NAME}, which creates the runner: run \`npm install ${NAME}\``,
      pool,
    );
  }
}

/** Whether the package itself is missing, not one of its dependencies. */
function isMissing(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "MODULE_NOT_FOUND" && message.includes(`'${NAME}'`);
}
