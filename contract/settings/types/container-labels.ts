import { rejectSecret } from "../../looks-like-secret";
import { map, type StringMap } from "./map";
import type { SettingType } from "../type";

/** Prefixes of labels that GitLab and Docker use. */
const RESERVED = /^(?:com\.gitlab\.|com\.docker\.|io\.docker\.|org\.dockerproject\.)/;

/**
 * gitlab-runner also writes each label with its own prefix to the containers of services. These
 * names would overwrite the labels by which a replica recognizes the containers of its jobs.
 */
const OWN = [
  ...["job.id", "job.url", "job.sha", "job.before_sha", "job.ref", "job.timeout", "project.id"],
  ...["project.runner_id", "pipeline.id", "runner.id", "runner.local_id", "runner.system_id"],
  ...["managed", "type", "service", "service.version"],
];

/** Labels of the containers of jobs and services. */
export const containerLabels: SettingType<StringMap> = map({
  name: checkName,
  value: (name, value) =>
    /[\p{Cc}\p{Cs}]/u.test(value)
      ? `must not contain control characters; the value of ${name} has one`
      : rejectSecret(
          name,
          value,
          "remove it, because everybody who can list containers can read it",
        ),
});

function checkName(name: string): string | undefined {
  if (!/^[\x21-\x7e]{1,250}$/.test(name) || name.includes("=")) {
    return `must have names of printable characters without spaces, not ${JSON.stringify(name)}`;
  }
  if (RESERVED.test(name)) {
    return `must not have names that start with com.gitlab., com.docker., io.docker. or org.dockerproject., not ${JSON.stringify(name)}`;
  }
  if (OWN.includes(name)) {
    return `must not have names that gitlab-runner uses itself (${OWN.join(", ")}), not ${JSON.stringify(name)}`;
  }
  return undefined;
}

/** Options of Docker's log driver json-file that gitlab-runner accepts. */
export const logOptions: SettingType<StringMap> = map({
  name: (name) =>
    name === "env" || name === "labels"
      ? undefined
      : `must only have the names env and labels, not ${JSON.stringify(name)}`,
  value: (name, value) =>
    /^[\x21-\x7e]{1,1000}$/.test(value)
      ? undefined
      : `must have names separated by commas as values; ${name} has ${JSON.stringify(value)}`,
});
