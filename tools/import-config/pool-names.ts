/**
 * Names the pools of runners. The first is the default pool, which has no name.
 * @returns a valid and distinct name for each of the other runners
 */
export function namePools(runners: readonly string[]): readonly (string | undefined)[] {
  const taken = new Set(["default"]);
  return runners.map((runner, index) => {
    if (index === 0) return undefined;
    const wanted = toPoolName(runner) || `runner-${index + 1}`;
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
    taken.add(name);
    return name;
  });
}

/** Converts a name to lowercase letters, digits and hyphens, without a hyphen at an end. */
function toPoolName(name: string): string {
  const parts = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "");
  return parts.join("-").slice(0, MAX_LENGTH).replace(/-$/, "");
}

/** The name of the service contains the names of project, stack and pool. */
const MAX_LENGTH = 30;
