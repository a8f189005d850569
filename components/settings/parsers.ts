import * as z from "zod/mini";
import { duration } from "../../contract/duration";
import { tags as tagText } from "../../contract/values";

/** Reads a setting as it may stand in stack config (text or JSON), in the environment (text) or in code (typed). */
export type Parser<T> = z.ZodMiniType<T>;

/** Text that a schema of the contract checks further. */
export function text<T>(schema: z.ZodMiniType<T, string>): Parser<T> {
  return z.pipe(z.pipe(z.unknown(), z.string("must be text")), schema);
}

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number): Parser<number> {
  return parse((value) => {
    const number = typeof value === "string" && /^[+-]?\d+$/.test(value.trim()) ? +value : value;
    return Number.isInteger(number) && Number(number) >= min && Number(number) <= max
      ? { value: Number(number) }
      : { problem: `must be a whole number from ${min} to ${max}` };
  });
}

/** `true` or `false`. */
export const boolean: Parser<boolean> = parse((value) => {
  const word = String(value).trim().toLowerCase();
  return word === "true" || word === "false"
    ? { value: word === "true" }
    : { problem: "must be true or false" };
});

/** One word of a fixed list. */
export function oneOf<const T extends string>(words: readonly T[]): Parser<T> {
  return parse((value) => {
    const word = words.find((candidate) => candidate === value);
    return word === undefined ? { problem: `must be ${words.join(" or ")}` } : { value: word };
  });
}

/** A duration between two bounds (seconds) as text, such as `1h30m`. */
export function durationText(min: number, max: number): Parser<number> {
  return text(duration(min, max));
}

/** A list of texts, also written as JSON or separated by commas; trimmed, without empty and repeated entries. */
export const list: Parser<readonly string[]> = parse((value) => {
  const entries = typeof value === "string" ? splitList(value) : value;
  if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === "string")) {
    return { problem: "must be a list of texts, or one text with commas between them" };
  }
  const trimmed = entries.map((entry) => entry.trim()).filter((entry) => entry !== "");
  return trimmed.some((entry) => /[\p{Cc},]/u.test(entry))
    ? { problem: "must have no comma and no control character in an entry" }
    : { value: [...new Set(trimmed)] };
});

/** A list of runner tags, within GitLab's limits. */
export const tagList: Parser<readonly string[]> = z.pipe(
  z.pipe(
    list,
    z.transform((tags) => tags.join(",")),
  ),
  tagText,
);

/** A parser from a function that gives the value or says what is allowed. */
export function parse<T>(
  read: (value: unknown) => { readonly value: T } | { readonly problem: string },
): Parser<T> {
  return z.pipe(
    z.unknown(),
    z.transform((input, ctx) => {
      const result = read(input);
      if ("value" in result) return result.value;
      ctx.issues.push({ code: "custom", input, message: result.problem });
      return z.NEVER;
    }),
  );
}

/** Parses text that stands for an object or a list; undefined if it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function splitList(text: string): unknown {
  return text.trim().startsWith("[") ? parseJson(text) : text.split(",");
}
