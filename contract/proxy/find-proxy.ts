import { isExempt } from "./no-proxy";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Finds the proxy through which to reach an address, as programs written in Go do: gitlab-runner,
 * docker and Pulumi's providers. They read HTTPS_PROXY or HTTP_PROXY, and NO_PROXY; a name in upper
 * case takes precedence over the same name in lower case. `localhost` and loopback addresses never
 * need a proxy. A value without a scheme means an HTTP proxy.
 *
 * Go ignores a value that it cannot read, and connects directly. This function reports it.
 * @returns undefined for a direct connection
 * @throws Error that names the variable, without the user and the password of the proxy
 */
export function findProxy(url: URL, env: Env): URL | undefined {
  const name = url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const { variable, text } = readVariable(env, name);
  if (text === "") return undefined;
  if (name === "HTTP_PROXY" && isCgi(env)) {
    throw new Error(
      `${variable} is not safe while REQUEST_METHOD is set, because the client of a CGI program ` +
        `can set it: unset one of the two`,
    );
  }
  if (isExempt(url, readVariable(env, "NO_PROXY").text)) return undefined;
  const proxy = parseProxy(text);
  if (proxy !== undefined) return proxy;
  throw new Error(
    `${variable} is not the address of a proxy: set it to http://HOST:PORT, ` +
      `or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded`,
  );
}

/** Returns the header with the user and password of a proxy; empty if its URL has none. */
export function buildProxyAuthorization({
  username,
  password,
}: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

function readVariable(
  env: Env,
  name: string,
): { readonly variable: string; readonly text: string } {
  const lower = name.toLowerCase();
  const variable = isSet(env[name]) ? name : lower;
  return { variable, text: env[variable] ?? "" };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** A CGI program gets the headers of a request as HTTP_… variables, so `Proxy:` as HTTP_PROXY. */
function isCgi(env: Env): boolean {
  return isSet(env["REQUEST_METHOD"]);
}

function parseProxy(text: string): URL | undefined {
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (/\s/.test(written) || !URL.canParse(written)) return undefined;
  const proxy = new URL(written);
  return proxy.hostname !== "" && isDecodable(proxy) ? proxy : undefined;
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
