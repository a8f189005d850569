import * as z from "zod/mini";
import { readObject, type ObjectReader } from "./read-objects";

/** The version of an engine and of its API. */
export interface EngineVersion {
  /** Such as `28.5.2`. */
  readonly version: string;
  /** The newest version of the API that the engine serves, such as `1.51`. */
  readonly apiVersion: string;
}

/** An engine's role in its swarm, and where it stores its data. */
export interface EngineInfo {
  /** The host name of its machine. */
  readonly name: string;
  /** The folder of its images and containers, on its own machine. */
  readonly rootFolder: string;
  readonly swarm: SwarmRole;
}

/** An engine's role in its swarm. */
export interface SwarmRole {
  /** `inactive`, `pending`, `active`, `error` or `locked`. */
  readonly state: string;
  readonly isManager: boolean;
  /** Why the engine is not part of its swarm; empty if there is no reason. */
  readonly error: string;
  /** `HOST:PORT` of the managers that a worker knows. */
  readonly managers: readonly string[];
}

const versionSchema = z.object({ Version: z.string(), ApiVersion: z.string() });

const infoSchema = z.object({
  Name: z.optional(z.string()),
  DockerRootDir: z.optional(z.string()),
  Swarm: z.nullish(
    z.object({
      LocalNodeState: z.optional(z.string()),
      ControlAvailable: z.optional(z.boolean()),
      Error: z.optional(z.string()),
      RemoteManagers: z.nullish(z.array(z.object({ Addr: z.optional(z.string()) }))),
    }),
  ),
});

/** Reads an engine's version. */
export async function readEngineVersion(engine: ObjectReader): Promise<EngineVersion> {
  const { Version, ApiVersion } = await readObject(engine, "/version", versionSchema);
  return { version: Version, apiVersion: ApiVersion };
}

/** Reads an engine's role and folder. */
export async function readEngineInfo(engine: ObjectReader): Promise<EngineInfo> {
  const { Name, DockerRootDir, Swarm } = await readObject(engine, "/info", infoSchema);
  return {
    name: Name ?? "",
    rootFolder: DockerRootDir ?? "",
    swarm: {
      state: Swarm?.LocalNodeState ?? "inactive",
      isManager: Swarm?.ControlAvailable ?? false,
      error: Swarm?.Error ?? "",
      managers: (Swarm?.RemoteManagers ?? []).flatMap(({ Addr }) => Addr ?? []),
    },
  };
}
