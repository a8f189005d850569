/** A part of a pattern. */
export type GlobPart =
  | { readonly kind: "character"; readonly character: string }
  /** `?`: one character except a slash. */
  | { readonly kind: "one" }
  /** `*`: zero or more characters except slashes. */
  | { readonly kind: "many" }
  /** `**`: like `*`, but at the start of a segment it can include slashes. */
  | { readonly kind: "double" }
  /** `[a-z]` or `[^a-z]`: one character, which may be a slash. */
  | { readonly kind: "class"; readonly negated: boolean; readonly ranges: readonly ClassRange[] }
  /** `{a,b}`: one of several patterns. */
  | { readonly kind: "choice"; readonly choices: readonly Glob[] };

/** A parsed pattern. */
export type Glob = readonly GlobPart[];

/** An inclusive range of characters. */
export type ClassRange = readonly [first: string, last: string];

/** A parsed part and the rest of the pattern. */
type Step<T> = { readonly value: T; readonly rest: readonly string[] } | { readonly fault: string };

/**
 * Parses a pattern of gitlab-runner's lists of allowed images, which has the syntax of the Go
 * package doublestar.
 * @returns the parsed pattern, or what is wrong with it. gitlab-runner does not report a malformed
 * pattern: it matches no image.
 */
export function parseGlob(pattern: string): { readonly glob: Glob } | { readonly fault: string } {
  const glob: GlobPart[] = [];
  let rest: readonly string[] = Array.from(pattern);
  while (rest.length > 0) {
    const step = parsePart(rest);
    if ("fault" in step) return step;
    glob.push(step.value);
    rest = step.rest;
  }
  return { glob };
}

function parsePart(text: readonly string[]): Step<GlobPart> {
  const [first = "", ...rest] = text;
  switch (first) {
    case "?":
      return { value: { kind: "one" }, rest };
    case "*":
      return rest[0] === "*"
        ? { value: { kind: "double" }, rest: rest.slice(1) }
        : { value: { kind: "many" }, rest };
    case "[":
      return parseClass(rest);
    case "{":
      return parseChoice(rest);
    case "}":
      return { fault: "has a } without a matching {" };
    case "\\": {
      const [character, ...others] = rest;
      return character === undefined
        ? { fault: "ends with a backslash" }
        : { value: { kind: "character", character }, rest: others };
    }
    default:
      return { value: { kind: "character", character: first }, rest };
  }
}

const OPEN_CLASS = "has a [ without a matching ]";

/** @param text what follows the opening bracket */
function parseClass(text: readonly string[]): Step<GlobPart> {
  const negated = text[0] === "^" || text[0] === "!";
  let rest = negated ? text.slice(1) : text;
  if (rest[0] === "]") return { fault: "has an empty []" };
  const ranges: ClassRange[] = [];
  while (rest[0] !== "]") {
    const first = readClassCharacter(rest);
    if ("fault" in first) return first;
    rest = first.rest;
    let last = first;
    if (rest[0] === "-" && rest[1] !== "]" && rest[1] !== undefined) {
      const end = readClassCharacter(rest.slice(1));
      if ("fault" in end) return end;
      last = end;
      rest = end.rest;
    }
    ranges.push([first.value, last.value]);
  }
  return { value: { kind: "class", negated, ranges }, rest: rest.slice(1) };
}

function readClassCharacter(text: readonly string[]): Step<string> {
  const [first, ...rest] = text[0] === "\\" ? text.slice(1) : text;
  return first === undefined ? { fault: OPEN_CLASS } : { value: first, rest };
}

/** @param text what follows the opening brace */
function parseChoice(text: readonly string[]): Step<GlobPart> {
  const texts: string[] = [""];
  let depth = 0;
  let at = 0;
  for (; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === "}" && depth === 0) break;
    if (character === "," && depth === 0) {
      texts.push("");
      continue;
    }
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    const escaped = character === "\\" ? (text[(at += 1)] ?? "") : "";
    texts.push(`${texts.pop() ?? ""}${character}${escaped}`);
  }
  if (at >= text.length) return { fault: "has a { without a matching }" };
  const choices: Glob[] = [];
  for (const one of texts) {
    const parsed = parseGlob(one);
    if ("fault" in parsed) return parsed;
    choices.push(parsed.glob);
  }
  return { value: { kind: "choice", choices }, rest: text.slice(at + 1) };
}
