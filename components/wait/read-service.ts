import { REPLICA_ENV, SETTINGS_ENV, spreadSettings } from "../../contract/replica-env";
import type { EngineApi } from "../docker/engine-api";
import type { Snapshot, Task } from "./snapshot";

interface ApiTaskSpec {
  readonly ContainerSpec?: { readonly Env?: readonly string[] };
}

interface ApiService {
  readonly UpdatedAt: string;
  readonly Spec: { readonly TaskTemplate: ApiTaskSpec };
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
}

interface ApiTask {
  readonly ID: string;
  readonly Slot?: number;
  readonly CreatedAt: string;
  readonly DesiredState: string;
  readonly Spec: ApiTaskSpec;
  readonly Status: {
    readonly State: string;
    readonly Timestamp: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ExitCode?: number };
  };
}

/** Reads how a service and its tasks are now. */
export async function readService(api: EngineApi, serviceId: string): Promise<Snapshot> {
  const [service, tasks] = (await Promise.all([
    api.get(`/services/${serviceId}`),
    api.get("/tasks", { filters: { service: [serviceId] } }),
  ])) as [ApiService, readonly ApiTask[]];
  return {
    generation: generationIn(service.Spec.TaskTemplate),
    update:
      service.UpdateStatus?.State === undefined
        ? undefined
        : { state: service.UpdateStatus.State, message: service.UpdateStatus.Message ?? "" },
    updated: service.UpdatedAt,
    tasks: tasks.map(taskOf),
  };
}

function taskOf({ ID, Slot, CreatedAt, DesiredState, Spec, Status }: ApiTask): Task {
  return {
    id: ID,
    slot: Slot ?? 0,
    generation: generationIn(Spec),
    created: CreatedAt,
    state: Status.State,
    changed: Status.Timestamp,
    desiredState: DesiredState,
    error: Status.Err ?? "",
    exitCode: Status.ContainerStatus?.ExitCode,
  };
}

function generationIn({ ContainerSpec }: ApiTaskSpec): string | undefined {
  const entry = ContainerSpec?.Env?.find((text) => text.startsWith(`${SETTINGS_ENV}=`));
  if (entry === undefined) return undefined;
  return spreadSettings({ [SETTINGS_ENV]: entry.slice(SETTINGS_ENV.length + 1) })[
    REPLICA_ENV.generation
  ];
}
