import { parseGlob, type ClassRange, type Glob, type GlobPart } from "./parse";

/** The parts of a pattern that are left to match, as a linked list. */
type Rest = { readonly part: GlobPart; readonly next: Rest } | undefined;

/** A state of the automaton that compares a name with a pattern. */
interface State {
  /** Whether the name may end here. */
  readonly accepts: boolean;
  /** Lists the states that are reached without a character. */
  skip(): readonly State[];
  /** Lists the states that a character leads to. */
  step(character: string): readonly State[];
}

/**
 * Whether a pattern matches a whole name, as gitlab-runner compares an image with a list of allowed
 * images. Neither is completed with a registry or a tag. A malformed pattern matches nothing.
 *
 * The time does not grow exponentially, because equal states are followed only once.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  const parsed = parseGlob(pattern);
  if ("fault" in parsed) return false;
  let states: readonly State[] = [new Automaton().stateOf(prepend(parsed.glob, undefined), true)];
  for (const character of name) {
    states = [...new Set(withSkipped(states).flatMap((state) => state.step(character)))];
  }
  return states.some(({ accepts }) => accepts);
}

function withSkipped(states: readonly State[]): readonly State[] {
  const reached = new Set(states);
  // A set also visits what is added during the loop.
  for (const state of reached) {
    for (const next of state.skip()) reached.add(next);
  }
  return [...reached];
}

/** Creates the states of a pattern when they are reached. */
class Automaton {
  private readonly states = new Map<Rest, Map<boolean, State>>();
  private readonly choices = new Map<Rest, readonly State[]>();

  /**
   * Returns the state in which a part is next. Equal states are the same object.
   * @param isSegmentStart a slash or nothing is in front of it
   */
  stateOf(rest: Rest, isSegmentStart: boolean): State {
    const byStart = this.states.get(rest) ?? new Map<boolean, State>();
    const known = byStart.get(isSegmentStart) ?? this.create(rest, isSegmentStart);
    this.states.set(rest, byStart.set(isSegmentStart, known));
    return known;
  }

  private create(rest: Rest, isSegmentStart: boolean): State {
    const accepts = matchesNothing(rest);
    if (rest === undefined) return single(accepts, () => undefined);
    const { part, next } = rest;
    const then = (isStart: boolean) => this.stateOf(next, isStart);
    switch (part.kind) {
      case "character":
        return single(accepts, (character) =>
          character === part.character ? then(character === "/") : undefined,
        );
      case "one":
        return single(accepts, (character) => (character === "/" ? undefined : then(false)));
      case "class":
        return single(accepts, (character) =>
          isInClass(character, part.ranges) === part.negated ? undefined : then(false),
        );
      case "many":
        return this.partOfSegment(rest);
      case "double":
        return isSegmentStart ? this.folders(rest) : this.partOfSegment(rest);
      case "choice":
        return {
          accepts,
          step: () => [],
          skip: () => this.expandChoice(rest, part.choices, next),
        };
    }
  }

  private expandChoice(rest: Rest, choices: readonly Glob[], next: Rest): readonly State[] {
    const known =
      this.choices.get(rest) ?? choices.map((one) => this.stateOf(prepend(one, next), true));
    this.choices.set(rest, known);
    return known;
  }

  /** Any number of characters except slashes. */
  private partOfSegment(rest: NonNullable<Rest>): State {
    const skip = () => [this.stateOf(rest.next, false)];
    const step = (character: string) => (character === "/" ? [] : [within]);
    const within: State = { accepts: matchesNothing(rest.next), skip, step };
    return { accepts: matchesNothing(rest), skip, step };
  }

  /** A `**` at the start of a segment: everything, any number of folders, or part of a name. */
  private folders(rest: NonNullable<Rest>): State {
    const { next } = rest;
    if (next === undefined) {
      const all: State = { accepts: true, skip: () => [], step: () => [all] };
      return all;
    }
    if (!isSlash(next)) return this.partOfSegment(rest);
    const start: State = {
      accepts: matchesNothing(rest),
      skip: () => [this.stateOf(next.next, true)],
      step: (character) => [character === "/" ? start : within],
    };
    const within = single(false, (character) => (character === "/" ? start : within));
    return start;
  }
}

/** A state that only a character leaves. */
function single(accepts: boolean, next: (character: string) => State | undefined): State {
  return {
    accepts,
    skip: () => [],
    step: (character) => {
      const state = next(character);
      return state === undefined ? [] : [state];
    },
  };
}

function prepend(glob: Glob, rest: Rest): Rest {
  return glob.reduceRight<Rest>((next, part) => ({ part, next }), rest);
}

/**
 * Whether what is left of a pattern may stand for nothing at the end of a name. Like doublestar, it
 * knows only a few such rests.
 */
function matchesNothing(rest: Rest): boolean {
  if (rest === undefined) return true;
  const { part, next } = rest;
  if (part.kind === "choice") {
    return part.choices.some((one) => matchesNothing(prepend(one, next)));
  }
  if (part.kind === "many") return next === undefined;
  return isTrailingDouble(isSlash(rest) ? next : rest);
}

/** Whether what is left is `**`, or `**` and a slash. */
function isTrailingDouble(rest: Rest): boolean {
  if (rest?.part.kind !== "double") return false;
  return rest.next === undefined || (isSlash(rest.next) && rest.next.next === undefined);
}

function isSlash(rest: NonNullable<Rest>): boolean {
  return rest.part.kind === "character" && rest.part.character === "/";
}

function isInClass(character: string, ranges: readonly ClassRange[]): boolean {
  return ranges.some(([first, last]) => first <= character && character <= last);
}
