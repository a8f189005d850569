import { checkedString } from "./settings/types/string";

/** What gitlab-runner or Docker would interpret in a path, and a rule for it. */
const FORBIDDEN: readonly (readonly [pattern: RegExp, rule: string])[] = [
  [/^[A-Za-z]:|\\/, "must be a Linux path, such as /builds"],
  [/^(?!\/)/, "must be an absolute path, such as /builds"],
  [/[\p{Cc}\p{Cs}]/u, "must not contain control characters"],
  [/\$/, "must not contain $, which gitlab-runner expands as a variable in some places"],
  [/[:*?"<>|]/, 'must not contain : * ? " < > or |, which cannot be in the path of a volume'],
  [/(?:^|\/)\.{1,2}(?:\/|$)/, "must not contain . or .. as a part"],
  [/^\/+$/, "must not be the root folder: use another folder, such as /builds"],
];

const MAX_LENGTH = 255;

/** The folder of jobs' working trees. */
export const buildsDir = checkedString("path", (path) => {
  const broken = FORBIDDEN.find(([pattern]) => pattern.test(path));
  if (broken !== undefined) return broken[1];
  return path.length > MAX_LENGTH
    ? `must be at most ${MAX_LENGTH} characters; it has ${path.length}`
    : undefined;
});

/** Where gitlab-runner puts working trees in job containers if `buildsDir` is not set. */
export const DEFAULT_BUILDS_DIR = "/builds";

/**
 * Finds the volume that puts the working trees of all replicas on a node into one place: a folder
 * of the node, or a volume with a name.
 * @param volumes in gitlab-runner's format
 */
export function findSharedBuilds(
  volumes: readonly string[],
  folder: string = DEFAULT_BUILDS_DIR,
): string | undefined {
  return volumes.find((volume) => {
    const [, destination] = volume.split(":");
    if (destination?.startsWith("/") !== true) return false;
    const inside = destination.replace(/\/+$/, "");
    return `${folder}/`.startsWith(`${inside}/`);
  });
}
