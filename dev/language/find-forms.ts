import { FORMS } from "./forms";
import { readPassages, withoutMark, type Passage } from "./prose";

/** A form from the list, found in a file. */
export interface Finding {
  readonly line: number;
  readonly found: string;
  readonly instead: string;
}

/** The forbidden forms in a file, including those that a line break divides. */
export function findForms(path: string, content: string): readonly Finding[] {
  return readPassages(path, content).flatMap(findInPassage);
}

function findInPassage({ line, text }: Passage): readonly Finding[] {
  const lines = text.split("\n").map(withoutMark);
  const joined = lines.join(" ");
  const lineAt = (index: number): number => {
    let end = 0;
    return line + lines.findIndex((one) => index < (end += one.length + 1));
  };
  return FORMS.flatMap(({ pattern, instead }) =>
    [...joined.matchAll(new RegExp(pattern.source, "gi"))].map(({ 0: found, index }) => ({
      line: lineAt(index),
      found,
      instead,
    })),
  );
}
