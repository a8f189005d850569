import { describeUnavailable, isAvailable } from "../../docker-engine/nodes";
import { normalizeArchitecture } from "../../contract/placement/platform";
import { listSome } from "./list-some";
import type { PlacementFacts } from "./describe-placement";
import type { FilterStep, SuitableNodes } from "./suitable-nodes";

/** Says why no node can run a replica, and which condition excludes the nodes. */
export function describeNoNode(suitable: SuitableNodes, facts: PlacementFacts): string {
  const { request, name, swarm } = facts;
  const { unavailable, steps, afterConstraints } = suitable;
  if (unavailable.length > 0) {
    const isAny = unavailable.length === swarm.nodes.length && !swarm.nodes.some(isAvailable);
    const what = isAny
      ? "no node can run replicas"
      : "every node that could run replicas is unavailable";
    return `${what}: ${listSome(unavailable.map(describeUnavailable))}: start the nodes, or set them to active with \`docker node update --availability active NODE\``;
  }
  if (afterConstraints === 0 && steps.length > 0) return describeSteps(steps, facts);
  const found = [...new Set(swarm.nodes.map(describePlatform))];
  const which =
    request.constraints.length === 0 ? "" : ` that matches ${name("placement.constraints")}`;
  return `no node${which} has one of ${name("placement.platforms")} (${request.platforms.map(({ text }) => text).join(", ")}): the swarm has ${listSome(found)}; add a platform, or nodes that have one`;
}

function describeSteps(steps: readonly FilterStep[], { swarm, name }: PlacementFacts): string {
  const all = swarm.nodes.length;
  const first = steps.findIndex(({ left }) => left === 0);
  const { condition } = steps[first] ?? { condition: { text: "", matches: () => false } };
  const alone = swarm.nodes.filter(condition.matches).length;
  const before = steps
    .slice(0, first)
    .map(({ condition: one, left }) => `"${one.text}" leaves ${left}`);
  const how = explainHow(condition.text);
  const none = (what: string) =>
    all === 1 ? `the only node does not match ${what}` : `none of the ${all} nodes matches ${what}`;
  if (alone === 0 || before.length === 0) {
    return `${name("placement.constraints")}: ${none(`"${condition.text}"`)}: ${how}change the constraint`;
  }
  return `${name("placement.constraints")}: ${none("all of them")}: ${before.join(", ")}, and "${condition.text}" excludes the rest: ${how}change the constraints`;
}

/** A missing label is the most frequent reason. */
function explainHow(text: string): string {
  const [, label, value] = /^node\.labels\.(\S+?)\s*==\s*(.+)$/.exec(text) ?? [];
  return label === undefined || value === undefined
    ? ""
    : `add the label with \`docker node update --label-add ${label}=${value} NODE\`, or `;
}

function describePlatform({
  os,
  architecture,
}: {
  os?: string | undefined;
  architecture?: string | undefined;
}): string {
  return os === undefined || architecture === undefined
    ? "nodes that have not reported theirs"
    : `${os}/${normalizeArchitecture(architecture)}`;
}
