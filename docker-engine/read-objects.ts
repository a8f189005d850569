import * as z from "zod/mini";
import type { EngineApi } from "./api";

/** The part of the engine's client that reads objects. Tests replace it. */
export type ObjectReader = Pick<EngineApi, "get">;

/**
 * Reads an object from the engine's API.
 * @throws Error that names the request if the answer does not match the schema
 */
export async function readObject<T>(
  engine: ObjectReader,
  path: string,
  schema: z.ZodMiniType<T>,
  query?: Readonly<Record<string, unknown>>,
): Promise<T> {
  const { success, data, error } = schema.safeParse(await engine.get(path, query));
  if (success) return data;
  const reason = z.prettifyError(error);
  throw new Error(`unexpected answer from the Docker engine to GET ${path}: ${reason}`);
}
