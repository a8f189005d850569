import { parse, TomlError, type TomlTable } from "smol-toml";
import { findKeyLines, type LineOf } from "./key-lines";

/** Deeper lists and inline tables than any key of gitlab-runner has. */
const MAX_DEPTH = 20;

/** A document. Integers are `bigint`, so that they differ from `1.0`. */
export interface TomlDocument {
  readonly table: TomlTable;
  readonly lineOf: LineOf;
}

/** Why a text is not TOML. Lines and columns count from 1. */
export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Parses TOML, and finds the line of each key. */
export function parseToml(
  text: string,
): { readonly document: TomlDocument } | { readonly problem: SyntaxProblem } {
  try {
    const table = parse(text, { integersAsBigInt: true, maxDepth: MAX_DEPTH });
    return { document: { table, lineOf: findKeyLines(text, unescapeKey) } };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column, message } = error;
    return { problem: { line, column, message: explain(message) } };
  }
}

/** Takes the first line of the parser's message. The rest quotes the document. */
function explain(message: string): string {
  const [first = ""] = message.replace(/^Invalid TOML document: /, "").split("\n");
  return first.startsWith("trying to redefine")
    ? "this key or table is defined twice, or first as another kind of value"
    : first;
}

function unescapeKey(quoted: string): string {
  const [name = ""] = Object.keys(parse(`${quoted} = 0`));
  return name;
}
