import { describe, it } from "@jest/globals";
import fc from "fast-check";
import { judgePlacement } from "../../../../components/placement/judge-placement";
import type { TaskOnNode } from "../../../../components/placement/request";
import { canStart } from "../../../support/exhaustive-placement";
import { swarmNode } from "../../../support/node";
import { gib, placementRequest, taskOn } from "../../../support/placement";

const NAMES = ["n1", "n2", "n3"];

const nodes = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: NAMES.length })
  .map((sizes) => sizes.map((size, at) => swarmNode(NAMES[at] ?? "", { gib: size })));

const request = fc
  .record({
    replicas: fc.integer({ min: 1, max: 4 }),
    maxPerNode: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
    memory: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ memory, ...rest }) => placementRequest({ ...rest, reservations: gib(memory) }));

function tasks(serviceId: string, isStopping: fc.Arbitrary<boolean>) {
  const task = fc
    .record({
      node: fc.constantFrom(...NAMES),
      memory: fc.integer({ min: 0, max: 3 }),
      isStopping,
    })
    .map(({ node, memory, ...rest }) =>
      taskOn(node, { serviceId, reservations: gib(memory), ...rest }),
    );
  return fc.array(task, { maxLength: 3 });
}

const others = tasks("web", fc.boolean());
const own = tasks("own", fc.constant(false));

describe("compared with every order in which Swarm could start the replicas", () => {
  it("a pool that is created is rejected exactly if not all replicas can start", () => {
    fc.assert(
      fc.property(request, nodes, others, (wanted, all, held) => {
        const { kind } = judgePlacement(wanted, { nodes: all, tasks: held }, undefined);
        const isRejected = kind === "too few places";
        return isRejected === !canStart(wanted, all, held, [], wanted.replicas ?? 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("an increase of replicas is rejected exactly if not all additional ones can start", () => {
    fc.assert(
      fc.property(request, nodes, others, own, (wanted, all, held, running) => {
        const kept = running.filter(isOnOneOf(all));
        const missing = (wanted.replicas ?? 0) - kept.length;
        fc.pre(missing > 0);
        const swarm = { nodes: all, tasks: [...held, ...kept] };
        const prior = { id: "own", replicas: kept.length, change: "none" } as const;
        const isRejected = judgePlacement(wanted, swarm, prior).kind === "too few places";
        return isRejected === !canStart(wanted, all, swarm.tasks, [], missing);
      }),
      { numRuns: 2000 },
    );
  });

  it("a rolling update with start-first is rejected only if it cannot end", () => {
    fc.assert(
      fc.property(request, nodes, others, own, (wanted, all, held, running) => {
        const olds = running.filter(isOnOneOf(all)).slice(0, wanted.replicas);
        const prior = { id: "own", replicas: olds.length, change: "update" } as const;
        const { kind } = judgePlacement(wanted, { nodes: all, tasks: [...held, ...olds] }, prior);
        const canEnd = canStart(wanted, all, held, olds, wanted.replicas ?? 0);
        return kind === "fits" || !canEnd;
      }),
      { numRuns: 2000 },
    );
  });

  it("a rolling update with start-first is accepted only if one new replica can start", () => {
    fc.assert(
      fc.property(request, nodes, others, own, (wanted, all, held, running) => {
        const olds = running.filter(isOnOneOf(all)).slice(0, wanted.replicas);
        const prior = { id: "own", replicas: olds.length, change: "update" } as const;
        const { kind } = judgePlacement(wanted, { nodes: all, tasks: [...held, ...olds] }, prior);
        return kind !== "fits" || isFree(wanted) || canStart(wanted, all, held, olds, 1);
      }),
      { numRuns: 2000 },
    );
  });
});

function isOnOneOf(all: readonly { readonly id: string }[]) {
  return ({ nodeId }: TaskOnNode) => all.some(({ id }) => id === nodeId);
}

/** Whether Swarm can start the replicas on any node. */
function isFree({ maxPerNode, reservations }: ReturnType<typeof placementRequest>): boolean {
  return maxPerNode === undefined && reservations.memoryBytes === 0;
}
