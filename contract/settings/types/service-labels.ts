import { rejectSecret } from "../../looks-like-secret";
import { map, type StringMap } from "./map";
import type { SettingType } from "../type";

/** Prefixes of labels that Docker and this program use. */
const RESERVED = ["com.docker.", "io.docker.", "org.dockerproject.", "gitlab-runner-pool."];

/** Labels of a swarm service. */
export const serviceLabels: SettingType<StringMap> = map({
  name: checkName,
  value: (name, value) =>
    /[\p{Cc}\p{Cs}]/u.test(value)
      ? `must not contain control characters; the value of ${name} has one`
      : rejectSecret(name, value, "remove it, because everybody who can list services can read it"),
});

function checkName(name: string): string | undefined {
  if (!/^[\x21-\x7e]{1,250}$/.test(name) || name.includes("=")) {
    return `must have names of printable characters without spaces, not ${JSON.stringify(name)}`;
  }
  const prefix = RESERVED.find((one) => name.startsWith(one));
  if (prefix === undefined) return undefined;
  const owner = prefix === "gitlab-runner-pool." ? "this program" : "Docker";
  return `must not have names that start with ${prefix}, which ${owner} uses itself, not ${JSON.stringify(name)}`;
}
