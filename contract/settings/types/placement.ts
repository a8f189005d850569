import { list } from "../../lists";
import {
  findContradiction,
  formatConstraint,
  parseConstraint,
  type Constraint,
} from "../../placement/constraint";
import { formatPlatform, parsePlatform } from "../../placement/platform";
import { checkSpread, checkSpreadOrder } from "../../placement/spread";
import { MAX_REPLICAS } from "../../values";
import { andThen, type Parsed, type SettingType } from "../type";
import { integer } from "./plain";

type ListType = SettingType<readonly string[], string | readonly string[]>;

/** Constraints of the form `KEY==VALUE` or `KEY!=VALUE`, without the spaces around the operator. */
export const constraints: ListType = {
  ...list,
  parse: (written) =>
    andThen(list.parse(written), (entries) =>
      andThen(parseEach(entries, parseConstraint), (parsed) => {
        const problem = describeContradiction(parsed);
        return problem === undefined ? toTexts(parsed, formatConstraint) : { problem };
      }),
    ),
};

/** Labels over whose values Swarm spreads replicas, such as `node.labels.zone`. */
export const spread: ListType = {
  ...list,
  parse: (written) =>
    andThen(list.parse(written), (entries) => {
      const problem =
        entries.map(checkSpread).find((one) => one !== undefined) ?? checkSpreadOrder(entries);
      return problem === undefined ? { value: entries } : { problem };
    }),
};

/** Platforms of the form `OS/ARCH`. */
export const platforms: ListType = {
  ...list,
  parse: (written) =>
    andThen(list.parse(written), (entries) =>
      andThen(parseEach(entries, parsePlatform), (parsed) => toTexts(parsed, formatPlatform)),
    ),
};

/** A number of replicas per node. Swarm would take 0 as no limit, which is what unset means. */
export const maxPerNode: SettingType<number> = {
  ...integer(1, MAX_REPLICAS),
  parse: (written) => {
    const parsed = integer(1, MAX_REPLICAS).parse(written);
    return "problem" in parsed ? { problem: `${parsed.problem}; unset it for no limit` } : parsed;
  },
};

function parseEach<T>(
  entries: readonly string[],
  parse: (entry: string) => Parsed<T>,
): Parsed<readonly T[]> {
  const parsed = entries.map(parse);
  const wrong = parsed.find((one) => "problem" in one);
  return wrong ?? { value: parsed.flatMap((one) => ("value" in one ? [one.value] : [])) };
}

/** Entries that mean the same have the same text, so they are duplicates. */
function toTexts<T>(values: readonly T[], format: (value: T) => string): Parsed<readonly string[]> {
  return { value: [...new Set(values.map(format))] };
}

function describeContradiction(parsed: readonly Constraint[]): string | undefined {
  const [one, other] = findContradiction(parsed) ?? [];
  return one === undefined || other === undefined
    ? undefined
    : `must not contain both ${formatConstraint(one)} and ${formatConstraint(other)}, because no node meets both`;
}
