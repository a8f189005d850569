import * as z from "zod/mini";
import { JOB_LABELS, readSystemId } from "../contract/job-labels";
import { readObject, type ObjectReader } from "./read-objects";

/** What gitlab-runner created for the jobs of one runner manager. */
export interface JobObjects {
  readonly systemId: string;
  readonly containers: readonly { readonly id: string; readonly isRunning: boolean }[];
  /** IDs. */
  readonly networks: readonly string[];
  /** Names. */
  readonly volumes: readonly string[];
}

/** States of a container whose processes have ended, or never began. */
const DEAD_STATES = ["created", "exited", "dead"];

const labels = z.nullish(z.record(z.string(), z.string()));
const containers = z.array(z.object({ Id: z.string(), State: z.string(), Labels: labels }));
const networks = z.array(z.object({ Id: z.string(), Labels: labels }));
const volumes = z.object({
  Volumes: z.nullish(z.array(z.object({ Name: z.string(), Labels: labels }))),
});

/** Whether a container is not dead. */
export function isRunning({ State }: { readonly State: string }): boolean {
  return !DEAD_STATES.includes(State);
}

/** Lists everything that gitlab-runner created on an engine, by system ID. */
export async function readJobObjects(engine: ObjectReader): Promise<readonly JobObjects[]> {
  const filters = { label: [`${JOB_LABELS.managed}=true`] };
  const found = {
    containers: await readObject(engine, "/containers/json", containers, { all: true, filters }),
    networks: await readObject(engine, "/networks", networks, { filters }),
    volumes: (await readObject(engine, "/volumes", volumes, { filters })).Volumes ?? [],
  };
  const all = [...found.containers, ...found.networks, ...found.volumes];
  const ids = new Set(all.flatMap(({ Labels }) => readSystemId(Labels) ?? []));
  return [...ids].sort().map((systemId) => {
    const isOwn = ({ Labels }: z.infer<typeof networks>[number] | { Labels?: Labels }) =>
      readSystemId(Labels) === systemId;
    return {
      systemId,
      containers: found.containers
        .filter(isOwn)
        .map((container) => ({ id: container.Id, isRunning: isRunning(container) })),
      networks: found.networks.filter(isOwn).map(({ Id }) => Id),
      volumes: found.volumes.filter(isOwn).map(({ Name }) => Name),
    };
  });
}

type Labels = z.infer<typeof labels>;
