/** More entries would make a message hard to read. */
const SHOWN = 5;

/** Lists entries, and counts those that are too many: `n1: 2, n2: 1, and 7 more`. */
export function listSome(entries: readonly string[]): string {
  const rest = entries.length - SHOWN;
  return rest <= 0 ? entries.join(", ") : `${entries.slice(0, SHOWN).join(", ")}, and ${rest} more`;
}
