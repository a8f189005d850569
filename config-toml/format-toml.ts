import { stringify } from "smol-toml";

/** Formats a table as TOML. Integers may be `bigint`. */
export function formatToml(table: Readonly<Record<string, unknown>>): string {
  return stringify(table);
}
