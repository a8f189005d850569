import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";

const FILE = resolve(__dirname, "../../examples/pipeline/.gitlab-ci.yml");

/** A job as `.gitlab-ci.yml` holds it; only what the tests use. */
export interface PipelineJob {
  readonly extends?: string;
  readonly image?: { readonly name: string; readonly entrypoint?: readonly string[] };
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly tags?: readonly string[];
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
}

/** The whole example, as YAML reads it. */
export function readPipeline(): Readonly<Record<string, unknown>> {
  return parse(readFileSync(FILE, "utf8")) as Record<string, unknown>;
}

/** A job with everything that it inherits, as GitLab merges `extends`: maps key by key, lists as a whole. */
export function pipelineJob(name: string): PipelineJob {
  const job = readPipeline()[name] as PipelineJob;
  return job.extends === undefined ? job : merge(pipelineJob(job.extends), job);
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
