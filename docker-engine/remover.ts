import { parseJson } from "../contract/json";
import { EngineError, readText, sendToEngine } from "./api";
import type { EngineLocation } from "./address";
import { findEngine } from "./environment";

/** How long one removal may take. A volume may hold gigabytes. */
const REMOVAL_TIMEOUT_MS = 600_000;

/** Kinds of objects that can be removed, as in the paths of the engine's API. */
export type RemovableKind = "containers" | "networks" | "volumes";

/** Removes objects from an engine. Everything else only reads, through `EngineApi`. */
export class EngineRemover {
  constructor(private readonly location: EngineLocation) {}

  /** The engine that the environment selects, as `findEngine` describes. */
  static fromEnv(env: Readonly<Record<string, string | undefined>>): EngineRemover {
    return new EngineRemover(findEngine(env));
  }

  /**
   * Removes an object, unless it is in use. An object that is already gone counts as removed.
   * @throws {EngineError} if the engine does not remove it
   */
  async remove(kind: RemovableKind, id: string): Promise<void> {
    const answer = await sendToEngine(this.location, {
      method: "DELETE",
      path: `/${kind}/${encodeURIComponent(id)}${kind === "containers" ? "?v=1" : ""}`,
      signal: AbortSignal.timeout(REMOVAL_TIMEOUT_MS),
      headers: {},
    });
    const { statusCode = 0 } = answer;
    const text = await readText(answer);
    if ([200, 204, 404].includes(statusCode)) return;
    const { message = text } = (parseJson(text) ?? {}) as { readonly message?: string };
    throw new EngineError(message, statusCode);
  }
}
