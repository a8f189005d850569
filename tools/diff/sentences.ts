import { toPlainLine } from "../../contract/plain-text";
import type {
  ImageChangeCause,
  Change,
  ReplicaCount,
  ReplicaImpact,
  ResourceChange,
} from "./changes";
import type { DisplayValue } from "./properties";

/** Maximum length of a value. Longer ones are shortened. */
const MAX_VALUE = 200;

/** Describes a change in plain words, as a line of Markdown. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case "scale":
      return `replicas: ${change.from} → ${change.to}`;
    case "token":
      return "token: rotated";
    case "other secrets":
      return "secrets other than the token: changed";
    case "certificates":
      return "certificates for GitLab: changed";
    case "network":
      return "network: changed";
    case "networks":
      return "networks: changed";
    case "registry login":
      return "login of the registry: changed";
    case "unknown settings":
      return "other settings: known only during the update";
    case "image":
      return `image: ${code(change.from)} → ${code(change.to)}${describeReason(change.cause)}`;
    case "list":
      return `${change.setting}: ${[
        ...change.added.map((item) => code(`+${item}`)),
        ...change.removed.map((item) => code(`-${item}`)),
      ].join(" ")}`;
    case "value":
      return `${plainName(change.setting)}: ${describeValues(change.from, change.to)}`;
  }
}

function describeReason({ files, inputs }: ImageChangeCause): string {
  const reasons = [
    ...inputs.map(describeChange),
    ...(files.length === 0 ? [] : [`changed files: ${files.map(code).join(", ")}`]),
  ];
  return reasons.length === 0 ? "" : ` (${reasons.join("; ")})`;
}

function describeValues(from: DisplayValue, to: DisplayValue): string {
  if (from.kind === "secret" || to.kind === "secret") return "changed (secret)";
  if (from.kind === "absent") return `set to ${describeValue(to)}`;
  if (to.kind === "absent") return `removed (was ${describeValue(from)})`;
  return `${describeValue(from)} → ${describeValue(to)}`;
}

function describeValue(shown: DisplayValue): string {
  return shown.kind === "value" ? code(shown.text) : "known after the update";
}

/** Formats a setting by its name, and any other property of the service as code. */
function plainName(setting: string): string {
  return /^[a-zA-Z]+(\.[a-zA-Z]+)*$/.test(setting) && !setting.startsWith("taskSpec")
    ? setting
    : code(setting);
}

/** Describes in plain words what happens to the running replicas. */
export function describeImpact(impact: ReplicaImpact): string {
  switch (impact.kind) {
    case "untouched":
      return "Nothing restarts.";
    case "created":
      return describeStart(impact.replicas);
    case "scaled":
      return describeScaling(impact.from, impact.to, impact.drain);
    case "rolled":
      return describeRoll(impact);
    case "replaced":
      return `${stop(impact.replicas, "before new ones start")}. ${finish(impact.replicas, impact.drain)}.`;
    case "deleted":
      return `${stop(impact.replicas, "for good")}. ${finish(impact.replicas, impact.drain)}.`;
  }
}

function describeScaling(from: number, to: number, drain: string): string {
  const rest = Math.min(from, to);
  const stay =
    rest === 0 ? "" : `; ${rest === 1 ? "the other one keeps" : `the other ${rest} keep`} running`;
  if (to > from) return `${count(to - from)} ${to - from === 1 ? "starts" : "start"}${stay}.`;
  const going = from - to;
  const old = going === 1 ? "The stopping one" : "The stopping ones";
  return `${count(going)} ${going === 1 ? "stops" : "stop"}${stay}. ${drains(old, going, drain)}.`;
}

function describeStart(replicas: ReplicaCount): string {
  if (typeof replicas !== "number") return "One replica starts on each node.";
  return `${count(replicas)} ${replicas === 1 ? "starts" : "start"}.`;
}

function describeRoll({
  from,
  to,
  drain,
  stopsFirst,
}: Extract<ReplicaImpact, { kind: "rolled" }>): string {
  const one = stopsFirst === true ? "the old one stops" : "the new one starts";
  if (typeof from !== "number" || typeof to !== "number") {
    return `The replica on each node is replaced: ${one} first. ${drains("The old ones", from, drain)}.`;
  }
  if (from === 0 && to === 0) return "Nothing restarts: no replicas are running.";
  if (from === 0) return describeStart(to);
  const roll =
    from === 1
      ? `The replica is replaced: ${one}`
      : `${all(from)} are replaced: ${stopsFirst === true ? "old ones stop" : "new ones start"}`;
  const old = from === 1 ? "The old one" : "The old ones";
  const scaling = from === to ? "" : ` Afterwards the pool has ${count(to)}.`;
  return `${roll} first. ${drains(old, from, drain)}.${scaling}`;
}

function stop(replicas: ReplicaCount, how: string): string {
  if (typeof replicas !== "number") return `The replicas on all nodes stop ${how}`;
  return replicas === 1 ? `The replica stops ${how}` : `${all(replicas)} stop ${how}`;
}

function finish(replicas: ReplicaCount, drain: string): string {
  return drains(replicas === 1 ? "It" : "They", replicas, drain);
}

function drains(subject: string, replicas: ReplicaCount, drain: string): string {
  const [accept, have] = replicas === 1 ? ["accepts", "has"] : ["accept", "have"];
  return `${subject} ${accept} no new jobs and ${have} up to ${drain} to finish running jobs`;
}

function all(replicas: number): string {
  return replicas === 2 ? "Both replicas" : `All ${replicas} replicas`;
}

function count(replicas: number): string {
  return replicas === 1 ? "1 replica" : `${replicas} replicas`;
}

/** Returns the warning about an impact; undefined if a reviewer need not be warned. */
export function warnAboutImpact(service: string, impact: ReplicaImpact): string | undefined {
  switch (impact.kind) {
    case "replaced":
      return `Service ${code(service)} is replaced: ${lowerCased(stop(impact.replicas, "before new ones start"))}.`;
    case "deleted":
      return `Service ${code(service)} is deleted: ${lowerCased(stop(impact.replicas, "for good"))}.`;
    case "untouched":
    case "created":
    case "scaled":
    case "rolled":
      return undefined;
  }
}

function lowerCased(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Describes a change of a resource that does not belong to a pool's usual changes. */
export function describeResource({ op, resource, properties }: ResourceChange): string {
  const which = properties.length === 0 ? "" : ` (${properties.map(code).join(", ")})`;
  return `${op}: ${code(resource)}${which}`;
}

/** Formats text as Markdown code on one line, without markup, mentions and quick actions. */
export function code(text: string): string {
  const line = toPlainLine(text).replace(/\s+/g, " ").trim();
  const cut = line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE)}…` : line;
  const fence = "`".repeat(longestRun(cut) + 1);
  const pad = cut.startsWith("`") || cut.endsWith("`") || cut === "" ? " " : "";
  return `${fence}${pad}${cut}${pad}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
