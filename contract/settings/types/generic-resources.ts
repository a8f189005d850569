import { isPlainObject } from "../../json";
import { map } from "./map";
import { andThen, type Parsed, type SettingType } from "../type";

/** Numbers of generic resources, such as GPUs, by their names. */
export type GenericResources = Readonly<Record<string, number>>;

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,126}[A-Za-z0-9])?$/;

const MAX_COUNT = 1_000_000;

const RULE = 'must be an object with whole numbers, such as {"gpu": 2}';

const texts = map(
  {
    name: (name) =>
      NAME.test(name)
        ? undefined
        : `must have names of letters, digits, -, _ and .; ${JSON.stringify(name)} is not one`,
    value: (name, value) => {
      const count = Number(value);
      return /^\d{1,7}$/.test(value) && count >= 1 && count <= MAX_COUNT
        ? undefined
        : `must have whole numbers from 1 to ${MAX_COUNT}; ${JSON.stringify(`${name}=${value}`)} is not one${explain(value)}`;
    },
  },
  RULE,
);

/** Numbers of generic resources by name: an object, JSON, or lines of the form `NAME=NUMBER`. */
export const genericResources: SettingType<
  GenericResources,
  Readonly<Record<string, number | string>>
> = {
  label: "map",
  parse: (written) => andThen(texts.parse(readNumbers(written)), toNumbers),
  format: (value) => JSON.stringify(value),
};

/** A map has string values. A fraction stays as it is, and is then rejected as a text. */
function readNumbers(written: unknown): unknown {
  if (!isPlainObject(written)) return written;
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      typeof value === "number" ? String(value) : value,
    ]),
  );
}

function toNumbers(entries: Readonly<Record<string, string>>): Parsed<GenericResources> {
  return {
    value: Object.fromEntries(
      Object.entries(entries).map(([name, count]) => [name, Number(count)]),
    ),
  };
}

/** Swarm lets a service request how many, but not which. */
function explain(value: string): string {
  return /^\d/.test(value) || value === ""
    ? ""
    : ": request how many the replica needs, because Swarm chooses which";
}
