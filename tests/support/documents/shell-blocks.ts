import type { Document } from "./files";

/** A block of shell commands in a document. */
export interface ShellBlock {
  readonly file: string;
  /** Line of its opening fence, from 1. */
  readonly line: number;
  /** The commands, without the output that a `console` block shows. */
  readonly commands: string;
  /** The name under which a test runs it. */
  readonly run?: string;
  /** Why no test runs it. */
  readonly notRun?: string;
}

const FENCE = /^([ \t]*)```(sh|bash|shell|console)\n([\s\S]*?)^[ \t]*```$/gm;
const MARK = /<!-- (run|not run): (.+?) -->\s*$/;

/** The shell blocks of a document, each with the comment on the line before it. */
export function findShellBlocks({ file, text }: Document): readonly ShellBlock[] {
  return [...text.matchAll(FENCE)].map((match) => {
    const [, indent = "", language, content = ""] = match;
    const before = text.slice(0, match.index);
    const [, kind, value = ""] = MARK.exec(before) ?? [];
    const lines = content.split("\n").map((line) => line.replace(indent, ""));
    return {
      file,
      line: before.split("\n").length,
      commands: (language === "console" ? typedLines(lines) : lines).join("\n").trim(),
      ...(kind === "run" && { run: value }),
      ...(kind === "not run" && { notRun: value }),
    };
  });
}

/** In a `console` block, the commands that a person types follow a dollar sign. */
function typedLines(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
}
