import { checkedString } from "./string";

const KEYS = ["count", "device", "driver", "capabilities", "options"];

const RULE =
  'must be all, a number of GPUs, or options such as "device=0,2" in double quotes, as in docker run --gpus';

/** GPUs of containers, with the syntax of `docker run --gpus`. */
export const gpus = checkedString("string", (text) => {
  const fields = splitFields(text.trim());
  if (fields === undefined) return RULE;
  const pairs = fields.map(readField);
  const keys = pairs.map(([key]) => key);
  if (pairs.some(([key, value]) => !isValid(key, value))) return RULE;
  if (new Set(keys).size < keys.length) return `${RULE}; it has an option twice`;
  return keys.includes("count") && keys.includes("device")
    ? `${RULE}; it has both a number and devices (put double quotes around a field with commas)`
    : undefined;
});

/** Splits a line of comma-separated fields. @returns undefined if a quote is wrong */
function splitFields(text: string): readonly string[] | undefined {
  const fields = text.match(/"(?:[^"]|"")*"|[^",]+/g) ?? [];
  const isComplete = fields.join(",") === text && fields.length > 0;
  return isComplete
    ? fields.map((field) =>
        field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
      )
    : undefined;
}

/** A field without a key is a number of GPUs. */
function readField(field: string): readonly [key: string, value: string] {
  const at = field.indexOf("=");
  return at === -1 ? ["count", field] : [field.slice(0, at), field.slice(at + 1)];
}

function isValid(key: string, value: string): boolean {
  if (key === "count") return /^(?:all|-1|[1-9]\d{0,3})$/.test(value);
  return KEYS.includes(key) && /^[\x21-\x7e]+$/.test(value);
}
