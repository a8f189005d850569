import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  DRAIN_START,
  drainStep,
  type DrainCommand,
  type DrainEvent,
  type DrainState,
} from "../../../../runner-image/src/stop/drain-machine";

/** Events that may happen at any time and any number of times. */
const anyEvent = fc.constantFrom<DrainEvent>(
  { kind: "paused" },
  { kind: "force", jobs: true },
  { kind: "force", jobs: false },
  { kind: "ended" },
);

/** The event that must follow a command sooner or later. */
const FOLLOWS: Readonly<Record<string, (gone: boolean) => DrainEvent>> = {
  abort: () => ({ kind: "abort timeout" }),
  kill: () => ({ kind: "kill timeout" }),
  deregister: (gone) => ({ kind: "deregistered", gone }),
};

/**
 * Events that happen without any command: the pause of polling ends, and so does the drain timeout.
 */
const certain = (jobs: boolean): DrainEvent[] => [{ kind: "paused" }, { kind: "force", jobs }];

interface Life {
  readonly events: readonly DrainEvent[];
  readonly commands: readonly DrainCommand[];
  /** Each event, and the commands that followed it. */
  readonly steps: readonly (readonly [DrainEvent, readonly DrainCommand[]])[];
}

/**
 * Drains with events in any order: random events, and between them, at moments that `turns`
 * selects, the events that must happen.
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
  const [events, commands] = [steps.map(([event]) => event), steps.flatMap(([, issued]) => issued)];
  return { events, commands, steps };
}

const runs = { numRuns: 5_000 };

function kinds(commands: readonly { readonly kind: string }[]): readonly string[] {
  return commands.map(({ kind }) => kind);
}

describe("a drain with events in any order", () => {
  it("ends in one exit, and does nothing afterwards", () => {
    fc.assert(
      fc.property(lives, ({ commands }) => {
        expect(kinds(commands).filter((kind) => kind === "exit")).toHaveLength(1);
        expect(commands.at(-1)?.kind).toBe("exit");
      }),
      runs,
    );
  });

  it("deregisters at most once, and only after gitlab-runner has exited", () => {
    fc.assert(
      fc.property(lives, ({ steps, commands }) => {
        expect(kinds(commands).filter((kind) => kind === "deregister").length).toBeLessThan(2);
        for (const [event, issued] of steps) {
          if (kinds(issued).includes("deregister")) expect(event.kind).toBe("ended");
        }
      }),
      runs,
    );
  });

  it("sends each signal at most once, and SIGQUIT only when polling is paused", () => {
    fc.assert(
      fc.property(lives, ({ steps, commands }) => {
        for (const kind of ["quit", "abort", "kill"]) {
          expect(kinds(commands).filter((issued) => issued === kind).length).toBeLessThan(2);
        }
        for (const [event, issued] of steps) {
          if (kinds(issued).includes("quit")) expect(event.kind).toBe("paused");
        }
      }),
      runs,
    );
  });

  it("kills gitlab-runner only if it did not abort its jobs in time", () => {
    fc.assert(
      fc.property(lives, ({ steps }) => {
        for (const [event, issued] of steps) {
          if (kinds(issued).includes("kill")) expect(event.kind).toBe("abort timeout");
        }
      }),
      runs,
    );
  });

  it("exits as ok only if GitLab no longer has the replica and no job was aborted", () => {
    fc.assert(
      fc.property(lives, ({ events, commands }) => {
        const exit = commands.find((command) => command.kind === "exit");
        const answer = events.find((event) => event.kind === "deregistered");
        const gone = answer?.gone === true;
        const aborted = kinds(commands).includes("kill") || abortedJobs(events, commands);
        expect(exit?.as).toBe(!gone ? "notDeregistered" : aborted ? "aborted" : "ok");
      }),
      runs,
    );
  });
});

/** Whether the first forced stop, the only one that counts, found jobs. */
function abortedJobs(events: readonly DrainEvent[], commands: readonly DrainCommand[]): boolean {
  const force = events.find((event) => event.kind === "force");
  return kinds(commands).includes("abort") && force?.jobs === true;
}
