/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds the proxy for an address from HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in upper or lower case,
 * as Go programs do.
 * @returns undefined for a direct connection, which this machine itself always gets
 */
export function findProxy(target: URL, env: Env): string | undefined {
  const either = (name: string): string => env[name] ?? env[name.toLowerCase()] ?? "";
  const proxy = either(target.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  const direct = isLoopback(target.hostname) || isExcepted(target, either("NO_PROXY"));
  if (proxy === "" || direct) return undefined;
  return proxy.includes("://") ? proxy : `http://${proxy}`;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * A name in NO_PROXY matches itself and everything below it; a name with a leading dot only what is
 * below it; `*` everything.
 */
function isExcepted({ hostname, host }: URL, list: string): boolean {
  return list
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .some((name) => {
      if (name === "") return false;
      if (name === "*" || name === hostname || name === host) return true;
      return hostname.endsWith(name.startsWith(".") ? name : `.${name}`);
    });
}
