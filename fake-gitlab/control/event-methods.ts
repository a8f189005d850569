import type { FaultBook } from "../faults/book";
import type { Instance } from "../state/instance";
import { sweep } from "../state/sweeps";
import type { ControlMethods } from "./methods";

type EventMethods = Pick<
  ControlMethods,
  "switches" | "setSwitches" | "advanceClock" | "addFault" | "clearFaults" | "faults" | "events"
>;

/** Controls of switches, clock, faults and the event log. */
export function eventMethods(instance: Instance, faults: FaultBook): EventMethods {
  return {
    switches: () => instance.switches,

    setSwitches: (changes) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      instance.switches = { ...instance.switches, ...Object.fromEntries(given) };
      return instance.switches;
    },

    advanceClock: ({ ms }) => {
      instance.clock.advance(ms);
      sweep(instance);
      return { now: instance.clock.now() };
    },

    addFault: (fault) => ({ id: faults.add(fault) }),

    clearFaults: ({ id }) => {
      faults.clear(id);
      return undefined;
    },

    faults: () => faults.list(),

    events: async ({ after = 0, waitMs = 0 }) => {
      if (instance.events.last <= after && waitMs > 0) await nextEvent(instance, waitMs);
      return { events: instance.events.after(after), last: instance.events.last };
    },
  };
}

/** Resolves at the next event or at the timeout. */
async function nextEvent(instance: Instance, waitMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopListening();
      instance.stopping.signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, waitMs);
    const stopListening = instance.events.listen(end);
    instance.stopping.signal.addEventListener("abort", end);
  });
}
