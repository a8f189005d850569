/**
 * The environment that Pulumi's plugins read as well: DOCKER_HOST and its kin, HTTPS_PROXY and
 * NO_PROXY, GITLAB_TOKEN. It is the default for all that a provider leaves open, so that what a
 * component asks by itself goes to the same places. Nothing else below components/ reads the
 * environment.
 */
export function pluginEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
