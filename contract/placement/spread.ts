import { crc32 } from "node:zlib";
import { findNearest } from "../suggest";

/** By what Swarm can spread replicas: the values of a label. */
const PREFIXES = ["node.labels.", "engine.labels."];

/**
 * Checks a label over whose values Swarm spreads replicas, such as `node.labels.zone`. Swarm itself
 * ignores what it does not know.
 * @returns the rule that the text violates; undefined if it is valid
 */
export function checkSpread(text: string): string | undefined {
  const label = PREFIXES.map((prefix) => text.slice(prefix.length));
  const isKnown = PREFIXES.some(
    (prefix, at) => text.startsWith(prefix) && /^[\x21-\x7e]+$/.test(label[at] ?? ""),
  );
  if (isKnown && !text.includes("=")) return undefined;
  const meant = findMeant(text);
  const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
  return `must be labels of the form node.labels.NAME or engine.labels.NAME; ${JSON.stringify(text)} is not one${hint}`;
}

/**
 * Checks that labels are in the order that reaches Swarm: it spreads over the first one, and then,
 * within each value, over the next. The Docker provider sorts them by their checksums, as texts.
 * @returns the rule that the labels violate; undefined if the order is the same
 */
export function checkSpreadOrder(labels: readonly string[]): string | undefined {
  const codes = new Map(labels.map((label) => [label, String(crc32(label))]));
  const code = (label: string) => codes.get(label) ?? "";
  const sent = [...labels].sort((a, b) => (code(a) < code(b) ? -1 : 1));
  return sent.join() === labels.join()
    ? undefined
    : `must list its labels in the order in which Pulumi's Docker provider sends them (${sent.join(", ")}): change the order, or rename a label on the nodes`;
}

function findMeant(text: string): string | undefined {
  const [, descriptor = text] = /^spread\s*=\s*(.+)$/.exec(text) ?? [];
  const [, start = "", name = ""] = /^([^.]+\.[^.]+\.)([^=\s]+)$/.exec(descriptor) ?? [];
  const prefix = findNearest(start, PREFIXES);
  const meant = prefix === undefined ? undefined : `${prefix}${name}`;
  return name === "" || meant === text ? undefined : meant;
}
