import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  DRAIN_START,
  drainStep,
  type DrainCommand,
  type DrainEvent,
  type DrainState,
} from "../../../runner-image/src/drain-machine";

/** Events that may come at any time and any number of times. */
const anyEvent = fc.constantFrom<DrainEvent>(
  { kind: "quiet" },
  { kind: "hurry", jobs: true },
  { kind: "hurry", jobs: false },
  { kind: "ended" },
);

/** What has to follow a command sooner or later, by what the world is like. */
const FOLLOWS: Readonly<Record<string, (gone: boolean) => DrainEvent>> = {
  abort: () => ({ kind: "abort timeout" }),
  kill: () => ({ kind: "kill timeout" }),
  unregister: (gone) => ({ kind: "unregistered", gone }),
};

/** What happens without any command: the wait for a quiet moment ends, and so does the drain timeout. */
const certain = (jobs: boolean): DrainEvent[] => [{ kind: "quiet" }, { kind: "hurry", jobs }];

interface Life {
  readonly events: readonly DrainEvent[];
  readonly commands: readonly DrainCommand[];
  /** Each event, and the commands that followed it. */
  readonly steps: readonly (readonly [DrainEvent, readonly DrainCommand[]])[];
}

/**
 * A drain in which everything comes in an order of its own: chance events, and between them, at moments that `turns` chooses,
 * what has to come.
 */
const lives = fc
  .record({
    chance: fc.array(anyEvent, { maxLength: 8 }),
    turns: fc.array(fc.nat(20), { minLength: 40, maxLength: 40 }),
    jobs: fc.boolean(),
    gone: fc.boolean(),
  })
  .map(({ chance, turns, jobs, gone }) => live(chance, turns, certain(jobs), gone));

function live(
  chance: readonly DrainEvent[],
  turns: readonly number[],
  due: DrainEvent[],
  gone: boolean,
): Life {
  let state: DrainState = DRAIN_START;
  const steps: [DrainEvent, readonly DrainCommand[]][] = [];
  const rest = [...chance];
  for (const turn of turns) {
    const waiting = [...rest.slice(0, 1), ...due];
    const event = waiting[turn % Math.max(1, waiting.length)];
    if (event === undefined) break;
    if (event === rest[0]) rest.shift();
    else due.splice(due.indexOf(event), 1);
    const step = drainStep(state, event);
    state = step.state;
    steps.push([event, step.commands]);
    for (const { kind } of step.commands) {
      const follows = FOLLOWS[kind];
      if (follows !== undefined) due.push(follows(gone));
    }
  }
  const [events, commands] = [steps.map(([event]) => event), steps.flatMap(([, told]) => told)];
  return { events, commands, steps };
}

const runs = { numRuns: 5_000 };

function kinds(told: readonly { readonly kind: string }[]): readonly string[] {
  return told.map(({ kind }) => kind);
}

describe("a drain, whatever happens in which order,", () => {
  it("ends in one exit, and does nothing after it", () => {
    fc.assert(
      fc.property(lives, ({ commands }) => {
        expect(kinds(commands).filter((kind) => kind === "exit")).toHaveLength(1);
        expect(commands.at(-1)?.kind).toBe("exit");
      }),
      runs,
    );
  });

  it("asks GitLab at most once, and only after gitlab-runner has ended", () => {
    fc.assert(
      fc.property(lives, ({ steps, commands }) => {
        expect(kinds(commands).filter((kind) => kind === "unregister").length).toBeLessThan(2);
        for (const [event, told] of steps) {
          if (kinds(told).includes("unregister")) expect(event.kind).toBe("ended");
        }
      }),
      runs,
    );
  });

  it("tells gitlab-runner each thing at most once, and to quit only when it is quiet", () => {
    fc.assert(
      fc.property(lives, ({ steps, commands }) => {
        for (const kind of ["quit", "abort", "kill"]) {
          expect(kinds(commands).filter((told) => told === kind).length).toBeLessThan(2);
        }
        for (const [event, told] of steps) {
          if (kinds(told).includes("quit")) expect(event.kind).toBe("quiet");
        }
      }),
      runs,
    );
  });

  it("kills only what did not abort in time", () => {
    fc.assert(
      fc.property(lives, ({ steps }) => {
        for (const [event, told] of steps) {
          if (kinds(told).includes("kill")) expect(event.kind).toBe("abort timeout");
        }
      }),
      runs,
    );
  });

  it("exits as ok only if GitLab no longer has the replica and no job was cut off", () => {
    fc.assert(
      fc.property(lives, ({ events, commands }) => {
        const exit = commands.find((command) => command.kind === "exit");
        const answer = events.find((event) => event.kind === "unregistered");
        const gone = answer?.gone === true;
        const cutOff = kinds(commands).includes("kill") || abortedJobs(events, commands);
        expect(exit?.as).toBe(!gone ? "left" : cutOff ? "aborted" : "ok");
      }),
      runs,
    );
  });
});

/** Whether the hurry that was heeded, the first, found jobs. */
function abortedJobs(events: readonly DrainEvent[], commands: readonly DrainCommand[]): boolean {
  const hurry = events.find((event) => event.kind === "hurry");
  return kinds(commands).includes("abort") && hurry?.jobs === true;
}
