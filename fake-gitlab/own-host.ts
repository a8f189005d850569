import { isIP } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Instance } from "./state/instance";

/** The paths that the fake GitLab adds to GitLab: its page and its controls. */
const OWN_PATHS = /^\/(-\/fake-gitlab(\/|$)|(\?|$))/;

/**
 * Rejects requests for the page and the controls with a foreign host name. Otherwise a foreign
 * website whose name resolves to this machine could read them in a browser on this machine.
 */
export function addHostCheck(app: FastifyInstance, instance: Instance): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!OWN_PATHS.test(request.url) || isOwnHost(request, instance)) return;
    await reply
      .code(421)
      .type("application/json")
      .send({ error: "the host name in the request does not belong to this fake GitLab" });
  });
}

/**
 * The host names of the fake GitLab: loopback, that of its external URL, and the address that the
 * client connected to.
 */
function isOwnHost({ headers, raw }: FastifyRequest, { externalUrl }: Instance): boolean {
  const name = hostname(`http://${headers.host ?? ""}`);
  if (name === undefined) return false;
  const own = [
    "localhost",
    "127.0.0.1",
    "::1",
    hostname(externalUrl),
    plain(raw.socket.localAddress),
  ];
  return own.includes(name);
}

function hostname(url: string): string | undefined {
  const name = URL.canParse(url) ? new URL(url).hostname : "";
  return name === "" ? undefined : name.replace(/^\[(.*)\]$/, "$1");
}

/** Returns an IPv4 address as such, even on an IPv6 socket. */
function plain(address: string | undefined): string | undefined {
  const mapped = address?.replace(/^::ffff:/, "");
  return mapped !== undefined && isIP(mapped) !== 0 ? mapped : undefined;
}
