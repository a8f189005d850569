import { isObject } from "../../../../contract/json";
import { JOB_LABELS, readSystemId } from "../../../../contract/job-labels";
import type { Engine } from "./engine";
import {
  formatFilters,
  listObjects,
  removeObject,
  type Removal,
  type RequestLimits,
} from "./requests";

/** A volume in which gitlab-runner keeps a working tree or caches for later jobs. */
export interface JobVolume {
  readonly name: string;
  readonly systemId: string;
}

/**
 * Lists the volumes that gitlab-runner created on an engine.
 * @param systemId only those of this replica. @default of every replica
 * @throws Error with the reason if the engine does not list them
 */
export async function listJobVolumes(
  engine: Engine,
  systemId?: string,
  limits?: RequestLimits,
): Promise<readonly JobVolume[]> {
  const label = [
    `${JOB_LABELS.managed}=true`,
    ...(systemId === undefined ? [] : [`${JOB_LABELS.systemId}=${systemId}`]),
  ];
  const response = await listObjects(engine, `/volumes?${formatFilters({ label })}`, limits);
  const volumes: unknown = isObject(response) ? response["Volumes"] : undefined;
  if (!Array.isArray(volumes)) return [];
  return volumes
    .flatMap((volume: unknown) => parse(volume))
    .filter((volume) => systemId === undefined || volume.systemId === systemId);
}

/**
 * Removes a volume, unless a container uses it.
 * @throws Error with the reason if the engine does not remove it, though no container uses it
 */
export function removeVolume(
  engine: Engine,
  { name }: JobVolume,
  limits?: RequestLimits,
): Promise<Removal> {
  return removeObject(engine, `/volumes/${encodeURIComponent(name)}`, limits);
}

/** The labels decide, whatever the engine made of the filter. */
function parse(volume: unknown): readonly JobVolume[] {
  if (!isObject(volume)) return [];
  const { Name: name, Labels: labels } = volume;
  const systemId = readSystemId(isObject(labels) ? labels : undefined);
  return typeof name === "string" && systemId !== undefined ? [{ name, systemId }] : [];
}
