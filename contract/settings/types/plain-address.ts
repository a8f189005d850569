import { isIpAddress } from "./hosts";

/** `[SCHEME://]HOST[:PORT][/PATH]`, in which no part can be a password. Parts may be missing. */
const ADDRESS =
  /^(?:(?:https?|socks\d?[ah]?):\/{1,2})?(?:\[[0-9a-f:.]*\]|[\w.*-]*)(?::\d{0,5})?(?:\/[\w./*-]*)?$/i;

/**
 * Whether a message may show an invalid value that should have been an address. Users write a user
 * and a password in many wrong forms, such as `USER:PASSWORD:HOST`, so everything else is hidden.
 */
export function isPlainAddress(text: string): boolean {
  const trimmed = text.trim();
  return ADDRESS.test(trimmed) || isIpAddress(trimmed);
}
