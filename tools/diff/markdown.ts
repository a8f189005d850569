import type { PoolChange, StackChanges } from "./changes";
import type { Diagnostic } from "./preview";
import {
  code,
  describeChange,
  describeImpact,
  describeResource,
  warnAboutImpact,
} from "./sentences";

/** What a comment contains besides the changes. */
export interface Context {
  readonly stack: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether the preview succeeded. */
  readonly succeeded: boolean;
}

/** Maximum number of diagnostics in a comment. */
const MAX_DIAGNOSTICS = 10;

/** Writes the comment on a preview. It may still contain secrets, which are redacted later. */
export function renderMarkdown(changes: StackChanges, context: Context): string {
  const sections = [
    `### Runner pools of stack ${code(context.stack)}`,
    ...(context.succeeded ? [] : ["🛑 **The preview failed: this change cannot be deployed.**"]),
    ...warningBlock(changes),
    ...changes.pools.map(poolSection),
    ...otherSection(changes),
    ...(isEmpty(changes) && context.succeeded ? ["No changes: nothing restarts."] : []),
    ...diagnosticSection(context.diagnostics),
    ...(context.succeeded ? [`${resources(changes.unchanged)} unchanged.`] : []),
  ];
  return `${sections.join("\n\n")}\n`;
}

function isEmpty({ pools, unexpected, warnings }: StackChanges): boolean {
  return pools.length + unexpected.length + warnings.length === 0;
}

function warningBlock({ pools, warnings, unexpected }: StackChanges): readonly string[] {
  const all = [
    ...pools.flatMap(({ title, impact }) => warnAboutImpact(title, impact) ?? []),
    ...warnings,
    ...unexpected
      .filter(({ op }) => op === "delete" || op.includes("replace"))
      .map(describeResource),
  ];
  if (all.length === 0) return [];
  return [["> ⚠️ **Replaced or deleted**", ">", ...all.map((text) => `> - ${text}`)].join("\n")];
}

function poolSection({ title, changes, impact }: PoolChange): string {
  const news =
    impact.kind === "created" ? ["new pool"] : impact.kind === "deleted" ? ["pool removed"] : [];
  return [
    `**${code(title)}**`,
    "",
    ...[...news, ...changes.map(describeChange)].map((line) => `- ${line}`),
    "",
    `Replicas: ${describeImpact(impact)}`,
  ].join("\n");
}

function otherSection({ unexpected }: StackChanges): readonly string[] {
  if (unexpected.length === 0) return [];
  return [
    ["Other changes:", "", ...unexpected.map((other) => `- ${describeResource(other)}`)].join("\n"),
  ];
}

function diagnosticSection(diagnostics: readonly Diagnostic[]): readonly string[] {
  const reported = diagnostics.filter(
    ({ severity }) => severity === "error" || severity === "warning",
  );
  if (reported.length === 0) return [];
  const lines = reported
    .slice(0, MAX_DIAGNOSTICS)
    .map(({ severity, message }) => `- ${severity}: ${code(plainMessage(message))}`);
  const more = reported.length - lines.length;
  return [
    ["Pulumi reports:", "", ...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n"),
  ];
}

/** Removes the severity and the URN that the engine puts before a message. */
function plainMessage(message: string): string {
  return message.trim().replace(/^(?:(?:error|warning|info): |urn:pulumi:\S+ )+/, "");
}

function resources(count: number): string {
  return count === 1 ? "1 resource" : `${count} resources`;
}
