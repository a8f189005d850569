import { describe, expect, it } from "@jest/globals";
import {
  findContradiction,
  formatConstraint,
  matches,
  parseConstraint,
  type Constraint,
} from "../../../contract/placement/constraint";
import type { PlacementNode } from "../../../contract/placement/node";
import { hasPlatform, listConstraints, parsePlatform } from "../../../contract/placement/platform";
import { checkSpread, checkSpreadOrder } from "../../../contract/placement/spread";

const NODE: PlacementNode = {
  id: "w20ob1lg2plqxqft9vs75cfks",
  name: "Build-1",
  role: "worker",
  address: "10.1.2.3",
  os: "linux",
  architecture: "x86_64",
  labels: { Zone: "North", "disk.type": "ssd", constructor: "x" },
  engineLabels: { rack: "7" },
};

function parsed(text: string): Constraint {
  const result = parseConstraint(text);
  if ("problem" in result) throw new Error(result.problem);
  return result.value;
}

const meets = (text: string, node: Partial<PlacementNode> = {}) =>
  matches(parsed(text), { ...NODE, ...node });

const problemOf = (text: string) => {
  const result = parseConstraint(text);
  return "problem" in result ? result.problem : undefined;
};

describe("a constraint", () => {
  it.each([
    ["node.role == worker", "node.role==worker"],
    ["  Node.Role\t!=\tmanager ", "node.role!=manager"],
    ["NODE.LABELS.Zone==North West", "node.labels.Zone==North West"],
    ["engine.labels.rack != 7", "engine.labels.rack!=7"],
    ["node.ip==10.0.0.0/8", "node.ip==10.0.0.0/8"],
    ["node.ip != fd00::1", "node.ip!=fd00::1"],
    ["node.labels.a==[a-z]*(x|y)?", "node.labels.a==[a-z]*(x|y)?"],
    ["node.platform.arch==x86_64", "node.platform.arch==x86_64"],
    ["node.id==w20ob", "node.id==w20ob"],
  ])("is parsed: %s", (text, formatted) => {
    expect(formatConstraint(parsed(text))).toBe(formatted);
  });

  it.each([
    ["node.role=worker", 'did you mean "node.role==worker"?'],
    ["node.role worker", "of the form KEY==VALUE or KEY!=VALUE"],
    ["node.role>worker", "of the form KEY==VALUE or KEY!=VALUE"],
    ["node.rol==worker", "Swarm knows (node.id, node.hostname, node.role, node.ip"],
    ["node.rol==worker", '"node.rol" is not one: did you mean node.role?'],
    ["role==worker", '"role" is not one: did you mean node.role?'],
    ["node.label.zone==a", "did you mean node.labels.zone?"],
    ["engine.label.zone==a", "did you mean engine.labels.zone?"],
    ["node.labels.==a", '"node.labels." is not one'],
    ["zone==a", '"zone" is not one'],
    ["node.labels.a/b==c", 'Swarm accepts no others in a constraint; "node.labels.a/b" has others'],
    ["node.labels.a==", 'must have a value after ==; "node.labels.a==" has none'],
    ["node.labels.a==b,c", "values that Swarm accepts"],
    ["node.labels.a==b==c", "values that Swarm accepts"],
    ["node.labels.a==b!=c", "values that Swarm accepts"],
    ["node.labels.a==München", "values that Swarm accepts"],
    ["node.role==workers", 'manager or worker, not "workers": did you mean worker?'],
    ["node.role==leader", 'manager or worker, not "leader"'],
    ["node.ip==10.0.0", "with an IP address or a network such as 10.0.0.0/8"],
    ["node.ip==10.0.0.0/33", "with an IP address or a network such as 10.0.0.0/8"],
    ["node.platform.arch==amd64", 'with what nodes report: x86_64, not "amd64"'],
    ["node.platform.arch!=ARM64", 'with what nodes report: aarch64, not "ARM64"'],
  ])("is rejected: %s", (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it.each([
    ["node.role==WORKER", true],
    ["node.role!=worker", false],
    ["node.role!=manager", true],
    ["node.hostname==build-1", true],
    ["node.id==W20OB1LG2PLQXQFT9VS75CFKS", true],
    ["node.id==w20ob", false],
    ["node.platform.os==linux", true],
    ["node.platform.arch==aarch64", false],
    ["node.labels.Zone==north", true],
    // The name of a label is compared with its case.
    ["node.labels.zone==north", false],
    ["node.labels.zone!=north", true],
    ["node.labels.disk.type==ssd", true],
    ["node.labels.toString==x", false],
    ["node.labels.constructor==x", true],
    ["engine.labels.rack==7", true],
    ["engine.labels.Zone==North", false],
    ["node.ip==10.1.2.3", true],
    ["node.ip==::ffff:10.1.2.3", true],
    ["node.ip!=10.1.2.4", true],
    ["node.ip==10.1.0.0/16", true],
    ["node.ip==10.1.9.9/16", true],
    ["node.ip!=10.1.0.0/16", false],
    ["node.ip==10.2.0.0/16", false],
    ["node.ip==fd00::/8", false],
  ])("matches as in Swarm: %s, %s", (text, expected) => {
    expect(meets(text)).toBe(expected);
  });

  it.each([
    ["node.ip==10.0.0.0/8", { address: "" }, false],
    ["node.ip!=10.0.0.0/8", { address: "" }, true],
    ["node.platform.os==linux", { os: undefined }, false],
    ["node.platform.arch!=x86_64", { architecture: undefined }, true],
    ["node.ip==fd00::/8", { address: "fd00::1" }, true],
  ] as const)("is compared with what a node does not report: %s", (text, node, expected) => {
    expect(meets(text, node)).toBe(expected);
  });

  it.each([
    [["node.role==manager", "node.role==worker"], true],
    [["node.role==worker", "node.role!=WORKER"], true],
    [["node.labels.a==b", "node.hostname==c", "node.labels.a==d"], true],
    [["node.role==worker", "node.role!=manager"], false],
    [["node.labels.a!=b", "node.labels.a!=c"], false],
    [["node.ip==10.0.0.0/8", "node.ip==10.1.0.0/16"], false],
    [["node.labels.a==b", "node.labels.A==c"], false],
  ])("contradicts another: %s, %s", (texts, expected) => {
    expect(findContradiction(texts.map(parsed)) !== undefined).toBe(expected);
  });
});

describe("a platform", () => {
  it.each([
    ["linux/amd64", "amd64"],
    ["linux/x86_64", "amd64"],
    ["Linux/AARCH64", "arm64"],
    ["linux/arm64", "arm64"],
    ["linux/armv7l", "armv7l"],
  ])("is parsed: %s", (text, architecture) => {
    expect(parsePlatform(text)).toEqual({ value: { os: "linux", architecture } });
  });

  it.each([
    ["linux/amd46", "did you mean linux/amd64?"],
    ["linux/arm/v7", "did you mean linux/armv7l?"],
    ["linux/arm64/v8", "did you mean linux/arm64?"],
    ["amd64", '"amd64" is not one'],
    ["windows/amd64", "must be platforms of Linux nodes"],
    ["linux/constructor", "must be platforms of Linux nodes"],
    ["linux", "must be platforms of Linux nodes"],
  ])("is rejected: %s", (text, problem) => {
    const result = parsePlatform(text);
    expect("problem" in result ? result.problem : "").toContain(problem);
  });

  it("is the same for both names of an architecture", () => {
    const platform = { os: "linux", architecture: "amd64" };
    expect(hasPlatform(NODE, platform)).toBe(true);
    expect(hasPlatform({ ...NODE, architecture: "amd64" }, platform)).toBe(true);
    expect(hasPlatform({ ...NODE, architecture: "aarch64" }, platform)).toBe(false);
    expect(hasPlatform({ ...NODE, os: "windows" }, platform)).toBe(false);
    expect(hasPlatform(NODE, { os: "linux", architecture: "x86_64" })).toBe(true);
    // Docker leaves out the architecture of images for Arm.
    expect(hasPlatform(NODE, { os: "linux", architecture: "" })).toBe(true);
    expect(hasPlatform({ ...NODE, architecture: undefined }, platform)).toBe(false);
  });

  const NODES = ["x86_64", "aarch64", "armv6l", "armv7l", "ppc64le", "s390x", "i686", "mips64"];

  it.each<[readonly string[], readonly string[]]>([
    [[], NODES],
    [["linux/amd64"], ["x86_64"]],
    [["linux/armv7l"], ["armv7l"]],
    [
      ["linux/amd64", "linux/arm64"],
      ["x86_64", "aarch64"],
    ],
  ])("becomes constraints that only its nodes meet: %j", (platforms, expected) => {
    const constraints = listConstraints(platforms).map(parsed);
    const found = NODES.filter((architecture) =>
      constraints.every((one) => matches(one, { ...NODE, architecture })),
    );
    expect(found).toEqual(expected);
  });
});

describe("a label to spread over", () => {
  it.each(["node.labels.zone", "engine.labels.rack", "node.labels.a/b"])("is valid: %s", (text) => {
    expect(checkSpread(text)).toBeUndefined();
  });

  it.each([
    ["spread=node.labels.zone", "did you mean node.labels.zone?"],
    ["node.label.zone", "did you mean node.labels.zone?"],
    ["zone", '"zone" is not one'],
    ["node.labels.", '"node.labels." is not one'],
    ["node.labels.a b", "of the form node.labels.NAME"],
    ["node.hostname", "of the form node.labels.NAME or engine.labels.NAME"],
  ])("is rejected: %s", (text, problem) => {
    expect(checkSpread(text)).toContain(problem);
  });

  it("must have the order in which the provider sends it", () => {
    expect(checkSpreadOrder(["node.labels.rack", "node.labels.zone"])).toBeUndefined();
    expect(checkSpreadOrder(["node.labels.zone"])).toBeUndefined();
    expect(checkSpreadOrder(["node.labels.zone", "node.labels.rack"])).toContain(
      "provider sends them (node.labels.rack, node.labels.zone): change the order",
    );
  });
});
