import { isAddress, isInNetwork, isSameAddress, parseIpNetwork, unmapAddress } from "../ip-address";
import type { Parsed } from "../settings/type";
import { findNearest } from "../suggest";
import type { PlacementNode } from "./node";

/** A condition that a node must meet so that Swarm runs replicas on it. */
export interface Constraint {
  /** In lower case, except for the name of a label. */
  readonly key: string;
  readonly operator: "==" | "!=";
  readonly value: string;
}

/** The keys for which each node has one value. */
const KEYS = [
  "node.id",
  "node.hostname",
  "node.role",
  "node.ip",
  "node.platform.os",
  "node.platform.arch",
] as const;

/** Prefixes of keys that name a label. */
const LABEL_PREFIXES = ["node.labels.", "engine.labels."] as const;

const ALL_KEYS = [...KEYS, ...LABEL_PREFIXES.map((prefix) => `${prefix}NAME`)];

/** The characters that Swarm allows. They are the same in a key and in the name of a label. */
const LABEL_NAME = /^[a-z0-9\-_.]+$/i;
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;

const ROLES = ["manager", "worker"];

/** What nodes call the architectures that images call by these names. */
const REPORTED_ARCHITECTURES: Readonly<Record<string, string>> = {
  amd64: "x86_64",
  arm64: "aarch64",
};

/**
 * Parses a constraint such as `node.role==worker`. Swarm itself accepts unknown keys and values,
 * and then runs the replicas nowhere.
 */
export function parseConstraint(text: string): Parsed<Constraint> {
  const [, written, operator, value] = /^(.*?)(==|!=)(.*)$/su.exec(text)?.map(trim) ?? [];
  if (written === undefined || value === undefined || (operator !== "==" && operator !== "!=")) {
    return { problem: describeMissingOperator(text) };
  }
  const key = normalizeKey(written);
  if (key === undefined) return { problem: describeUnknownKey(written) };
  const constraint: Constraint = { key, operator, value };
  const problem = checkLabel(constraint) ?? checkValue(constraint);
  return problem === undefined ? { value: constraint } : { problem };
}

/** Formats a constraint as Docker's documentation does. */
export function formatConstraint({ key, operator, value }: Constraint): string {
  return `${key}${operator}${value}`;
}

/**
 * Whether a node meets a constraint, by Swarm's rules: values are compared without their case, and
 * what a node does not have equals nothing, so only `!=` matches it.
 */
export function matches({ key, operator, value }: Constraint, node: PlacementNode): boolean {
  const isEqual =
    key === "node.ip"
      ? hasAddress(node.address, value)
      : valueOf(key, node).toLowerCase() === value.toLowerCase();
  return isEqual === (operator === "==");
}

/** Finds two constraints that no node can meet together; undefined if there are none. */
export function findContradiction(
  constraints: readonly Constraint[],
): readonly [Constraint, Constraint] | undefined {
  for (const [at, one] of constraints.entries()) {
    const other = constraints.slice(at + 1).find((candidate) => contradict(one, candidate));
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

function contradict(one: Constraint, other: Constraint): boolean {
  // Two networks may overlap.
  if (one.key !== other.key || one.key === "node.ip") return false;
  const isSame = one.value.toLowerCase() === other.value.toLowerCase();
  return one.operator === other.operator ? one.operator === "==" && !isSame : isSame;
}

function valueOf(key: string, node: PlacementNode): string {
  switch (key) {
    case "node.id":
      return node.id;
    case "node.hostname":
      return node.name;
    case "node.role":
      return node.role;
    case "node.platform.os":
      return node.os ?? "";
    case "node.platform.arch":
      return node.architecture ?? "";
    default: {
      const [prefix, labels] = key.startsWith("node.labels.")
        ? ["node.labels.", node.labels]
        : ["engine.labels.", node.engineLabels];
      return new Map(Object.entries(labels)).get(key.slice(prefix.length)) ?? "";
    }
  }
}

function hasAddress(address: string, value: string): boolean {
  const network = parseIpNetwork(value);
  const unmapped = unmapAddress(address);
  return network === undefined ? isSameAddress(value, unmapped) : isInNetwork(network, unmapped);
}

function trim(part: string): string {
  return part.trim();
}

/** @returns undefined if Swarm does not know the key */
function normalizeKey(written: string): string | undefined {
  const lower = written.toLowerCase();
  const prefix = LABEL_PREFIXES.find((one) => lower.startsWith(one) && lower.length > one.length);
  if (prefix !== undefined) return `${prefix}${written.slice(prefix.length)}`;
  return KEYS.find((key) => key === lower);
}

function checkLabel({ key }: Constraint): string | undefined {
  const prefix = LABEL_PREFIXES.find((one) => key.startsWith(one));
  return prefix === undefined || LABEL_NAME.test(key.slice(prefix.length))
    ? undefined
    : `must name labels with letters, digits, -, _ and ., because Swarm accepts no others in a constraint; ${JSON.stringify(key)} has others`;
}

function checkValue(constraint: Constraint): string | undefined {
  const { key, operator, value } = constraint;
  const shown = JSON.stringify(formatConstraint(constraint));
  if (value === "") return `must have a value after ${operator}; ${shown} has none`;
  if (!VALUE.test(value)) {
    return `must have values that Swarm accepts: letters, digits, spaces and : - _ . * ( ) ? + [ ] \\ ^ $ | /; ${shown} has others`;
  }
  if (key === "node.role" && !ROLES.includes(value.toLowerCase())) {
    const meant = findNearest(value, ROLES);
    const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
    return `must compare node.role with manager or worker, not ${JSON.stringify(value)}${hint}`;
  }
  if (key === "node.ip" && !isAddress(value) && parseIpNetwork(value) === undefined) {
    return `must compare node.ip with an IP address or a network such as 10.0.0.0/8, not ${JSON.stringify(value)}`;
  }
  const reported = new Map(Object.entries(REPORTED_ARCHITECTURES)).get(value.toLowerCase());
  return key === "node.platform.arch" && reported !== undefined
    ? `must compare node.platform.arch with what nodes report: ${reported}, not ${JSON.stringify(value)}`
    : undefined;
}

function describeMissingOperator(text: string): string {
  const rule =
    "must have constraints of the form KEY==VALUE or KEY!=VALUE, such as node.role==worker";
  const [, key = "", value = ""] = /^([^=]+)=([^=].*)$/su.exec(text)?.map(trim) ?? [];
  const known = normalizeKey(key);
  const meant =
    known === undefined ? "" : `: did you mean ${JSON.stringify(`${known}==${value}`)}?`;
  return `${rule}; ${JSON.stringify(text)} is not one${meant}`;
}

function describeUnknownKey(key: string): string {
  const [, label] = /^(?:node|engine)\.labels?\.(.+)$/i.exec(key) ?? [];
  const prefix = key.toLowerCase().startsWith("engine") ? "engine.labels." : "node.labels.";
  const meant =
    label === undefined
      ? (findNearest(key, KEYS) ?? KEYS.find((one) => one.endsWith(`.${key.toLowerCase()}`)))
      : `${prefix}${label}`;
  const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
  return `must have keys that Swarm knows (${ALL_KEYS.join(", ")}); ${JSON.stringify(key)} is not one${hint}`;
}
