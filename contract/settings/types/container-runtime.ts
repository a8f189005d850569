import { matchingString } from "./string";

/** The name of an OCI runtime that is configured in the engine. */
export const containerRuntime = matchingString(
  "string",
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/,
  "must be the name of a runtime that the engine knows, such as runc, sysbox-runc, nvidia or runsc",
);
