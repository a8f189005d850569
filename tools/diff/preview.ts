import * as z from "zod/mini";
import { differingPaths } from "./differing-paths";

const properties = z.record(z.string(), z.unknown());

const stateSchema = z.object({
  type: z.string(),
  /** URN of the component that the resource belongs to. */
  parent: z.optional(z.string()),
  id: z.optional(z.string()),
  inputs: z.optional(properties),
  outputs: z.optional(properties),
});

const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: z.optional(stateSchema),
  newState: z.optional(stateSchema),
  /** Paths of the properties that differ; null if the provider does not report them. */
  detailedDiff: z.nullish(z.record(z.string(), z.unknown())),
  /** Names of the top-level properties that differ. */
  diffReasons: z.nullish(z.array(z.string())),
  /** Names of the properties that require a replacement. */
  replaceReasons: z.nullish(z.array(z.string())),
});

const diagnosticSchema = z.object({
  message: z.string(),
  severity: z.string(),
});

const previewSchema = z.object({
  steps: z.nullish(z.array(stepSchema)),
  diagnostics: z.nullish(z.array(diagnosticSchema)),
  changeSummary: z.nullish(z.record(z.string(), z.number())),
});

/**
 * A resource before or after the change, as reported by the engine. Secrets are `[secret]`, unknown
 * values a fixed UUID.
 */
export type ResourceState = z.infer<typeof stateSchema>;

/** What the engine will do with one resource. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState: ResourceState | undefined;
  readonly newState: ResourceState | undefined;
  /** Paths of the properties that differ, as precise as the provider reports them. */
  readonly paths: readonly string[];
  /** Properties that require a replacement. */
  readonly replaceReasons: readonly string[];
}

export interface Diagnostic {
  readonly message: string;
  readonly severity: string;
}

/** The output of `pulumi preview --json`. */
export interface Preview {
  readonly steps: readonly Step[];
  readonly diagnostics: readonly Diagnostic[];
  /** Number of resources by operation: `same`, `update`, … */
  readonly summary: Readonly<Record<string, number>>;
}

/**
 * Parses the output of `pulumi preview --json`.
 * @throws Error if it is not such an output
 */
export function parsePreview(text: string): Preview {
  const parsed = previewSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new Error(
      `not the output of \`pulumi preview --json\`: ${z.prettifyError(parsed.error)}`,
    );
  }
  const { steps, diagnostics, changeSummary } = parsed.data;
  return {
    steps: (steps ?? []).map((step) => ({
      op: step.op,
      urn: step.urn,
      oldState: step.oldState,
      newState: step.newState,
      paths: listChangedPaths(step),
      replaceReasons: step.replaceReasons ?? [],
    })),
    diagnostics: diagnostics ?? [],
    summary: changeSummary ?? {},
  };
}

/**
 * Providers report full property paths, only top-level names, or nothing. In the last case, the
 * inputs are compared.
 */
function listChangedPaths({
  detailedDiff,
  diffReasons,
  oldState,
  newState,
}: z.infer<typeof stepSchema>): readonly string[] {
  if (detailedDiff) return Object.keys(detailedDiff);
  if (diffReasons) return diffReasons;
  const [before, after] = [oldState?.inputs, newState?.inputs];
  return before === undefined || after === undefined ? [] : differingPaths(before, after);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error("not the output of `pulumi preview --json`: invalid JSON", { cause });
  }
}
