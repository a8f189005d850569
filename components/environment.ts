/**
 * The environment, which Pulumi's plugins read as well: DOCKER_HOST and the other variables of
 * docker, HTTPS_PROXY and NO_PROXY, GITLAB_TOKEN. It holds the defaults of a provider, so a
 * component that sends its own requests reaches the same servers as the provider. Nothing else in
 * components/ reads the environment.
 */
export function pluginEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
