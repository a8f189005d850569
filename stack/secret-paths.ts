import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as yaml from "yaml";
import { isObject } from "../contract/json";

/** A stack in the folder of its Pulumi.yaml. */
interface StackFile {
  readonly folder: string;
  readonly project: string;
  readonly stack: string;
}

/**
 * Lists the paths of the secrets, such as `pools.big.token`. Pulumi only tells a program that there
 * is a secret somewhere in an object, so this reads Pulumi.STACK.yaml.
 * @returns nothing if the stack config is in another file
 */
export function readSecretPaths({ folder, project, stack }: StackFile): readonly string[] {
  try {
    return parseSecretPaths(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"), project);
  } catch {
    return [];
  }
}

/** @param text the content of a Pulumi.STACK.yaml */
export function parseSecretPaths(text: string, project: string): readonly string[] {
  // Loaded late, because few stacks need it, and loading takes a tenth of a second.
  const { parse } = createRequire(__filename)("yaml") as typeof yaml;
  const file: unknown = parse(text);
  const config = isObject(file) ? file["config"] : undefined;
  const prefix = `${project}:`;
  return Object.entries(isObject(config) ? config : {})
    .filter(([key]) => key.startsWith(prefix))
    .flatMap(([key, value]) => findSecrets(key.slice(prefix.length), value));
}

function findSecrets(path: string, value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if ("secure" in value && typeof value.secure === "string") return [path];
  return Object.entries(value).flatMap(([name, inside]) => findSecrets(`${path}.${name}`, inside));
}
