/** Properties of a UserRunner, named as in the official plugin. */
export type Properties = Readonly<Record<string, unknown>>;

type Names = readonly (readonly [property: string, field: string])[];

/**
 * The properties that can be changed, by their names here and in GitLab's API. A property that the
 * program does not set keeps its value.
 */
export const FIELDS = [
  ["accessLevel", "access_level"],
  ["description", "description"],
  ["locked", "locked"],
  ["maintenanceNote", "maintenance_note"],
  ["maximumTimeout", "maximum_timeout"],
  ["paused", "paused"],
  ["tagLists", "tag_list"],
  ["untagged", "run_untagged"],
] as const;

/** The properties that cannot be changed: a new value requires a new runner. */
export const FIXED = [
  ["groupId", "group_id"],
  ["projectId", "project_id"],
  ["runnerType", "runner_type"],
] as const;

/** The values that the official plugin stores if GitLab has none. */
const NOTHING: Properties = { description: "", maintenanceNote: "", maximumTimeout: 0 };

/**
 * Returns the state of a runner: everything that GitLab reports, and its ID, so that the official
 * plugin can take over.
 * @param known earlier inputs or state, the source of the token and the owner
 */
export function toState(id: string, found: Properties, known: Properties): Properties {
  const reported = FIELDS.map(([property, field]): [string, unknown] => {
    const value = found[field] ?? NOTHING[property] ?? known[property];
    return [property, Array.isArray(value) ? value.map(String).sort() : value];
  });
  const fixed = FIXED.flatMap(([property]) =>
    known[property] === undefined ? [] : [[property, known[property]]],
  );
  return {
    ...(Object.fromEntries([...reported, ...fixed]) as Properties),
    ...(found["runner_type"] !== undefined && { runnerType: found["runner_type"] }),
    id,
    token: known["token"],
  };
}

/** Returns the properties that are set, by GitLab's names. */
export function toApi(inputs: Properties, names: Names): Properties {
  return Object.fromEntries(
    names
      .filter(([property]) => inputs[property] !== undefined)
      .map(([property, field]) => [field, inputs[property]]),
  );
}

/** Returns what a preview knows about a new runner. The rest is unknown. */
export function plannedState(inputs: Properties, unknown: unknown): Properties {
  const computed = [...FIELDS.map(([property]) => property), "id", "token"];
  return { ...Object.fromEntries(computed.map((property) => [property, unknown])), ...inputs };
}

/**
 * Returns what a preview knows about a changed runner. Properties that the program does not set
 * stay unchanged.
 */
export function changedState(state: Properties, inputs: Properties): Properties {
  const fixed = FIXED.map(([property]): string => property);
  const kept = Object.entries(state).filter(([property]) => !fixed.includes(property));
  return { ...Object.fromEntries(kept), ...inputs };
}
