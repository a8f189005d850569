import {
  envOf,
  fileEnvOf,
  REPLICA_KEYS,
  settingOf,
  type KeyOf,
} from "../../contract/settings/keys";
import { toKebabCase } from "../../contract/kebab-case";
import { exampleText } from "./argument-docs";

type ReplicaKey = KeyOf<"replica">;

/** Settings that one stack sets to the examples in the comments of their arguments. */
export interface ExampleBatch {
  /** Name of its recorded preview. */
  readonly name: string;
  readonly keys: readonly ReplicaKey[];
  /** Values of other settings without which these settings are invalid. */
  readonly with: Readonly<Partial<Record<ReplicaKey, string>>>;
}

/** What a change of settings does to the stack, if they are read only by the replicas. */
export interface ExampleEffect {
  /** Stack config by key. */
  readonly settings: Readonly<Record<string, string>>;
  /** The variables that differ in the replicas' settings. */
  readonly variables: readonly string[];
  /** Resources that are created: a swarm secret for each secret setting. */
  readonly created: readonly string[];
}

/** Settings that cannot be set together with the others. */
interface Apart {
  readonly belongs: (key: string) => boolean;
  readonly with?: ExampleBatch["with"];
}

/** Groups of settings that cannot be set together with the others, by the name of their batch. */
const APART: Readonly<Record<string, Apart>> = {
  gcs: { belongs: (key) => key.startsWith("cache.gcs."), with: { "cache.type": "gcs" } },
  azure: { belongs: (key) => key.startsWith("cache.azure."), with: { "cache.type": "azure" } },
  // Its test job needs an image that exists.
  "boot-verify": { belongs: (key) => key === "bootVerify" },
};

/**
 * Divides settings into as few batches as possible. Settings that exclude each other are in
 * different batches.
 * @param isChangedElsewhere whether another row of the table covers a setting
 */
export function batchExamples(
  isChangedElsewhere: (key: ReplicaKey) => boolean,
): readonly ExampleBatch[] {
  const keys = REPLICA_KEYS.filter((key) => !isChangedElsewhere(key));
  const isApart = (key: string) => Object.values(APART).some(({ belongs }) => belongs(key));
  const batches = [
    { name: "examples", keys: keys.filter((key) => !isApart(key)), with: {} },
    ...Object.entries(APART).map(([name, { belongs, with: others = {} }]) => ({
      name,
      keys: keys.filter(belongs),
      with: others,
    })),
  ];
  return batches.filter((batch) => batch.keys.length > 0);
}

/** Returns the effect of setting these settings to their examples. */
export function describeExamples({
  keys,
  with: others,
}: Omit<ExampleBatch, "name">): ExampleEffect {
  const secrets = keys.filter((key) => settingOf(key).secret === true);
  return {
    settings: {
      ...Object.fromEntries(keys.map((key) => [key, exampleText(key)])),
      ...others,
    },
    variables: [...keys, ...REPLICA_KEYS.filter((key) => key in others)]
      .map((key) => (secrets.includes(key) ? fileEnvOf(key) : envOf(key)))
      .sort((a, b) => (a < b ? -1 : 1)),
    created: secrets
      .flatMap((key) => [`default-${toKebabCase(key)}`, `default-${toKebabCase(key)}-id`])
      .sort(),
  };
}
