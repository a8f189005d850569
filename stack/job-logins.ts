import type { JobLogin } from "../components/registry/job-logins";
import { describeSource } from "../components/settings/problems";
import { jobRegistries } from "../contract/settings/types/job-registries";
import type { StackPool } from "./stack-settings";

/** Lists the logins for the images of a pool's jobs. */
export function listJobLogins({ args, names }: StackPool): readonly JobLogin[] {
  // All arguments of a stack's pool are plain values.
  const { jobRegistries: written } = args;
  const parsed = written === undefined ? undefined : jobRegistries.parse(written);
  if (parsed === undefined || "problem" in parsed) return [];
  const origin = names.origins.get("jobRegistries");
  const setting =
    origin === undefined
      ? `\`${names.pathPrefix}jobRegistries\``
      : describeSource("jobRegistries", origin);
  return Object.entries(parsed.value).map(([host, login]) => ({ host, login, setting }));
}
