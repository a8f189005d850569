import { extname } from "node:path";
import ts from "typescript";

/** A passage that a person reads: a comment, a string or a paragraph. */
export interface Passage {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** Its lines, as they are in the file. */
  readonly text: string;
}

/** The passages of a file: comments and strings of a program, paragraphs of any other file. */
export function readPassages(path: string, content: string): readonly Passage[] {
  if (/^\.[cm]?[jt]s$/.test(extname(path))) return readProgram(path, content);
  return splitParagraphs({ line: 1, text: content });
}

/** The comments and strings of a TypeScript or JavaScript file. */
function readProgram(path: string, content: string): readonly Passage[] {
  const source = ts.createSourceFile(path, content, ts.ScriptTarget.Latest, true);
  const found = new Map<number, Passage>();
  const add = (start: number, end: number): void => {
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    found.set(start, { line, text: content.slice(start, end) });
  };
  const visit = (node: ts.Node): void => {
    const comments = [
      ...(ts.getLeadingCommentRanges(content, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(content, node.end) ?? []),
    ];
    for (const { pos, end } of comments) add(pos, end);
    if (isString(node)) add(node.getStart(source), node.end);
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  const passages = [...found.values()].sort((a, b) => a.line - b.line);
  return joinLineComments(passages).flatMap(splitParagraphs);
}

function isString(node: ts.Node): boolean {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node)
  );
}

/** Joins consecutive `//` comments: they form one text. */
function joinLineComments(passages: readonly Passage[]): readonly Passage[] {
  const joined: Passage[] = [];
  for (const passage of passages) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      isLineComment(last) &&
      isLineComment(passage) &&
      isNext(last, passage)
    ) {
      joined[joined.length - 1] = { line: last.line, text: `${last.text}\n${passage.text}` };
    } else {
      joined.push(passage);
    }
  }
  return joined;
}

const isLineComment = ({ text }: Passage): boolean => text.startsWith("//");

const isNext = (last: Passage, next: Passage): boolean =>
  last.line + last.text.split("\n").length === next.line;

/** A blank line, or one that contains only the comment mark, ends a paragraph. */
function splitParagraphs({ line, text }: Passage): readonly Passage[] {
  const paragraphs: Passage[] = [];
  let lines: string[] = [];
  const end = (next: number): void => {
    if (lines.length > 0) {
      paragraphs.push({ line: next - lines.length, text: lines.join("\n") });
    }
    lines = [];
  };
  for (const [i, one] of text.split("\n").entries()) {
    if (withoutMark(one) === "") end(line + i);
    else lines.push(one);
  }
  end(line + text.split("\n").length);
  return paragraphs;
}

/** Strips the comment, quotation or list mark and the surrounding whitespace from a line. */
export function withoutMark(line: string): string {
  return line.replace(/^\s*(?:\/\*\*?|\*\/|\/\/|\*(?!\*)|#+|>)?\s*/, "").trimEnd();
}
