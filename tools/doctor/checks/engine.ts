import type { EngineLocation } from "../../../docker-engine/address";
import { readEngineVersion, type EngineVersion } from "../../../docker-engine/engine-details";
import type { ObjectReader } from "../../../docker-engine/read-objects";
import { explainEngineFault, type EngineNames } from "../engine-faults";
import { failed, passed, type Result } from "../outcome";
import { compareVersions, parseVersion } from "../../../contract/version";

/** The API of Docker 20.10, the oldest engine that this project is tested with. */
const OLDEST_API = "1.41";

/** What selects the engine of `pulumi up`. */
const NAMES: EngineNames = {
  address: "DOCKER_HOST or the docker context",
  ca: "ca.pem in DOCKER_CERT_PATH",
  certificate: "cert.pem in DOCKER_CERT_PATH",
  certificates: "DOCKER_CERT_PATH to the folder of your client certificate",
  otherwise: "",
};

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
  let location: EngineLocation | undefined;
  let version: EngineVersion;
  try {
    location = locate();
    version = await readEngineVersion(engine);
  } catch (error) {
    return failed(describeFailure(error, location));
  }
  const found = { location, ...version };
  const text = `Docker ${version.version} at ${location.host}, API ${version.apiVersion}`;
  const isOld = compareVersions(parseVersion(version.apiVersion), parseVersion(OLDEST_API)) < 0;
  return isOld
    ? failed(
        `${text}, but API ${OLDEST_API} is required: update the engine to Docker 20.10 or later`,
      )
    : passed(text, found);
}

function describeFailure(error: unknown, location: EngineLocation | undefined): string {
  // The address itself is wrong, and the message says how to correct it.
  if (location === undefined) return error instanceof Error ? error.message : String(error);
  return explainEngineFault(error, location.host, location.address, NAMES);
}
