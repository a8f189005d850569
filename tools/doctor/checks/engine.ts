import type { EngineLocation } from "../../../docker-engine/address";
import { readEngineVersion, type EngineVersion } from "../../../docker-engine/engine-details";
import type { ObjectReader } from "../../../docker-engine/read-objects";
import { failed, passed, type Result } from "../outcome";
import { compareVersions, parseVersion } from "../versions";

/** The API of Docker 20.10, the oldest engine that this project is tested with. */
const OLDEST_API = "1.41";

const HOW_TO_CHOOSE = "start it, or choose another engine with DOCKER_HOST or `docker context use`";

/** An engine that answers. */
export interface CheckedEngine extends EngineVersion {
  readonly location: EngineLocation;
}

/**
 * Checks that the engine of `pulumi up` answers.
 * @param locate finds the engine of this shell
 */
export async function checkEngine(
  locate: () => EngineLocation,
  engine: ObjectReader,
): Promise<Result<CheckedEngine>> {
  let found;
  try {
    const location = locate();
    found = { location, ...(await readEngineVersion(engine)) };
  } catch (error) {
    return failed(`${error instanceof Error ? error.message : String(error)}: ${HOW_TO_CHOOSE}`);
  }
  const { version, apiVersion, location } = found;
  const text = `Docker ${version} at ${location.host}, API ${apiVersion}`;
  const isOld = compareVersions(parseVersion(apiVersion), parseVersion(OLDEST_API)) < 0;
  return isOld
    ? failed(
        `${text}, but API ${OLDEST_API} is required: update the engine to Docker 20.10 or later`,
      )
    : passed(text, found);
}
