import type { Because, Change, Fate, ResourceChange } from "./changes";
import type { Shown } from "./properties";

/** Longest value that is shown whole. */
const MAX_VALUE = 200;

/** A change in plain words, as a line of Markdown. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case "scale":
      return `replicas: ${change.from} → ${change.to}`;
    case "token":
      return "token: rotated";
    case "network":
      return "network: another one";
    case "unknown settings":
      return "other settings: known only during the update";
    case "image":
      return `image: ${code(change.from)} → ${code(change.to)}${describeReason(change.because)}`;
    case "list":
      return `${change.setting}: ${[
        ...change.added.map((item) => code(`+${item}`)),
        ...change.removed.map((item) => code(`-${item}`)),
      ].join(" ")}`;
    case "value":
      return `${plainName(change.setting)}: ${describeValues(change.from, change.to)}`;
  }
}

function describeReason({ files, inputs }: Because): string {
  const reasons = [
    ...inputs.map(describeChange),
    ...(files.length === 0 ? [] : [`changed files: ${files.map(code).join(", ")}`]),
  ];
  return reasons.length === 0 ? "" : `, because of ${reasons.join("; ")}`;
}

function describeValues(from: Shown, to: Shown): string {
  if (from.kind === "secret" || to.kind === "secret") return "changed (secret)";
  if (from.kind === "absent") return `set to ${describeValue(to)}`;
  if (to.kind === "absent") return `removed (was ${describeValue(from)})`;
  return `${describeValue(from)} → ${describeValue(to)}`;
}

function describeValue(shown: Shown): string {
  return shown.kind === "value" ? code(shown.text) : "known after the update";
}

/** A setting by its name; a property of the service that is none, as code. */
function plainName(setting: string): string {
  return /^[a-zA-Z]+(\.[a-zA-Z]+)?$/.test(setting) && !setting.startsWith("taskSpec")
    ? setting
    : code(setting);
}

/** What happens to the replicas that run now, in plain words. */
export function describeFate(fate: Fate): string {
  switch (fate.kind) {
    case "untouched":
      return "Nothing restarts.";
    case "created":
      return `${count(fate.replicas)} ${fate.replicas === 1 ? "starts" : "start"}.`;
    case "scaled":
      return describeScaling(fate.from, fate.to, fate.drain);
    case "rolled":
      return describeRoll(fate.from, fate.to, fate.drain);
    case "replaced":
      return `${stop(fate.replicas, "before new ones start")}: ${finish(fate.replicas, fate.drain)}.`;
    case "deleted":
      return `${stop(fate.replicas, "for good")}: ${finish(fate.replicas, fate.drain)}.`;
  }
}

function describeScaling(from: number, to: number, drain: string): string {
  const rest = Math.min(from, to);
  const stay =
    rest === 0 ? "" : `; ${rest === 1 ? "the other one does" : `the other ${rest} do`} not restart`;
  if (to > from) return `${count(to - from)} ${to - from === 1 ? "starts" : "start"}${stay}.`;
  const going = from - to;
  return `${count(going)} ${going === 1 ? "stops" : "stop"}: ${finish(going, drain)}${stay}.`;
}

function describeRoll(from: number, to: number, drain: string): string {
  if (from === 0 && to === 0) return "Nothing restarts: no replica runs.";
  if (from === 0) return `${count(to)} ${to === 1 ? "starts" : "start"}.`;
  const roll =
    from === 1
      ? "The replica rolls: a new one starts"
      : `All ${from} replicas roll: new ones start`;
  const old = from === 1 ? "the old one takes" : "the old ones take";
  const scaling = from === to ? "" : ` There are ${to} afterwards.`;
  return `${roll} first, then ${old} ${noNewJob(from, drain)}.${scaling}`;
}

function stop(replicas: number, how: string): string {
  return replicas === 1 ? `The replica stops ${how}` : `All ${replicas} replicas stop ${how}`;
}

function finish(replicas: number, drain: string): string {
  return `${replicas === 1 ? "it takes" : "they take"} ${noNewJob(replicas, drain)}`;
}

function noNewJob(replicas: number, drain: string): string {
  return `no new job and ${replicas === 1 ? "has" : "have"} up to ${drain} to finish the running ones`;
}

function count(replicas: number): string {
  return replicas === 1 ? "1 replica" : `${replicas} replicas`;
}

/** The warning that a fate deserves; undefined if it is an ordinary one. */
export function warningOfFate(service: string, fate: Fate): string | undefined {
  switch (fate.kind) {
    case "replaced":
      return `Service ${code(service)} is replaced: ${lowerCased(stop(fate.replicas, "before new ones start"))}.`;
    case "deleted":
      return `Service ${code(service)} is deleted: ${lowerCased(stop(fate.replicas, "for good"))}.`;
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

/** A change of a resource that belongs to no pool's usual changes. */
export function describeResource({ op, resource, properties }: ResourceChange): string {
  const which = properties.length === 0 ? "" : ` (${properties.map(code).join(", ")})`;
  return `${op}: ${code(resource)}${which}`;
}

/** Text as Markdown code on one line: nothing in it is markup, a mention or a quick action. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const cut = line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE)}…` : line;
  const fence = "`".repeat(longestRun(cut) + 1);
  const pad = cut.startsWith("`") || cut.endsWith("`") || cut === "" ? " " : "";
  return `${fence}${pad}${cut}${pad}${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
