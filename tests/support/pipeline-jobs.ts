import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import type { EnqueueJob } from "../../fake-gitlab";

const FILE = resolve(__dirname, "../../examples/pipeline/.gitlab-ci.yml");

/** The jobs of the example, in the order of their stages. */
export const PIPELINE_JOBS = ["preview", "deploy", "scale", "destroy"] as const;

export type PipelineJobName = (typeof PIPELINE_JOBS)[number];

type Variables = Readonly<Record<string, string>>;

/** A job in `.gitlab-ci.yml`, reduced to what the tests use. */
export interface PipelineJob {
  readonly extends?: string;
  readonly stage?: string;
  readonly image?: { readonly name: string; readonly entrypoint?: readonly string[] };
  /** Includes the variables of the whole pipeline. */
  readonly variables?: Variables;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly environment?: Variables;
  readonly tags?: readonly string[];
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
}

/** The whole example, parsed as YAML. */
export function readPipeline(): Readonly<Record<string, unknown>> {
  return parse(readFileSync(FILE, "utf8")) as Record<string, unknown>;
}

/**
 * Returns a job with everything that it inherits. As in GitLab, maps are merged key by key and
 * lists are replaced.
 */
export function pipelineJob(name: PipelineJobName): PipelineJob {
  const { variables = {} } = readPipeline() as {
    readonly variables?: Readonly<Record<string, unknown>>;
  };
  const job = extended(name);
  return {
    ...job,
    variables: { ...expandVariables(variables), ...expandVariables(job.variables ?? {}) },
  };
}

/**
 * Returns the job as GitLab assigns it to a runner, with the scripts of the example.
 * @param supplied variables of the project's settings and of the pipeline's start; as in GitLab,
 * they override the file's
 * @param masked names of variables whose values a log must not show
 */
export function jobToEnqueue(
  name: PipelineJobName,
  supplied: Variables,
  masked: readonly string[],
): EnqueueJob {
  const {
    stage,
    image,
    tags,
    variables,
    before_script: before = [],
    script = [],
  } = pipelineJob(name);
  const all = { ...variables, ...supplied };
  return {
    name,
    ...(stage !== undefined && { stage }),
    ...(image !== undefined && {
      image: { name: image.name, ...(image.entrypoint && { entrypoint: [...image.entrypoint] }) },
    }),
    tags: [...(tags ?? [])],
    script: [...before, ...script],
    variables: Object.entries(all).map(([key, value]) => ({
      key,
      value,
      masked: masked.includes(key),
      public: !masked.includes(key),
    })),
  };
}

function extended(name: string): PipelineJob {
  const job = readPipeline()[name] as PipelineJob;
  return job.extends === undefined ? job : merge(extended(job.extends), job);
}

/** A variable is a string, or a map with its value and description. */
function expandVariables(variables: Readonly<Record<string, unknown>>): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, text]) => [
      name,
      String(isMap(text) ? text["value"] : text),
    ]),
  );
}

function merge<T extends object>(base: T, over: T): T {
  const merged = { ...base } as Record<string, unknown>;
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? merge(below, value) : value;
  }
  return merged as T;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
