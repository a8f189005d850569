import { isObject } from "../../../../contract/json";
import { readSystemId } from "../../../../contract/job-labels";

/** States of a container whose processes have ended, or never began. */
export const DEAD_STATES: readonly unknown[] = ["created", "exited", "dead"];

/** A container or network that gitlab-runner created. */
export interface JobObject {
  readonly id: string;
  readonly systemId: string;
  /** Of a container. */
  readonly state: unknown;
}

/**
 * Reads the containers or networks in the engine's response that gitlab-runner created. The labels
 * decide, whatever the engine made of the filter.
 * @throws Error if it is not a list
 */
export function readJobObjects(response: unknown): readonly JobObject[] {
  if (!Array.isArray(response)) throw new Error("the engine did not answer with a list");
  return response.flatMap((object: unknown) => {
    if (!isObject(object)) return [];
    const { Id: id, Labels: labels, State: state } = object;
    const systemId = readSystemId(isObject(labels) ? labels : undefined);
    return typeof id === "string" && systemId !== undefined ? [{ id, systemId, state }] : [];
  });
}
