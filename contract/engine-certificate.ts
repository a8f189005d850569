/** Code of the error about a certificate without a name for the host. */
export const NO_ALTERNATIVE_NAME = "NO_SUBJECT_ALTERNATIVE_NAME";

/** An IPv4 or IPv6 address. */
const ADDRESS = /^[\d.]+$|:/;

/**
 * Checks that an engine's certificate has subject alternative names for hosts of this kind. Node.js
 * also accepts the common name, but Go, and so gitlab-runner, does not.
 * @param names the subject alternative names as Node.js lists them
 * @returns undefined if there are such names; Node.js then compares them with the host
 */
export function checkAlternativeNames(host: string, names: string | undefined): Error | undefined {
  const kind = ADDRESS.test(host) ? "IP Address:" : "DNS:";
  if (names?.split(", ").some((name) => name.startsWith(kind)) === true) return undefined;
  const message = `the engine's certificate has no subject alternative name for ${host}: issue one with it`;
  return Object.assign(new Error(message), { code: NO_ALTERNATIVE_NAME });
}
