import { boolean } from "../types/plain";
import { noProxy } from "../types/no-proxy";
import { proxyUrl } from "../types/proxy-url";
import type { Setting } from "../setting";

/** The proxy between the replicas, their jobs and other servers. */
export const PROXY_ROWS = {
  "proxy.http": {
    topic: "Proxy",
    type: proxyUrl,
    scope: "replica",
    input: true,
    description:
      "Proxy for addresses with `http://`: `http://[USER:PASSWORD@]HOST:PORT`. A URL with a user is a secret.",
  },
  "proxy.https": {
    topic: "Proxy",
    type: proxyUrl,
    scope: "replica",
    input: true,
    description:
      "Proxy for addresses with `https://`, usually the same as `proxy.http`. A URL with a user is a secret.",
  },
  "proxy.noProxy": {
    topic: "Proxy",
    type: noProxy,
    scope: "replica",
    description:
      "Addresses that are reached directly: hosts with their subdomains, `.DOMAIN`, IP addresses and networks (`10.0.0.0/8`), each but a network also with `:PORT`, or `*` for all.",
  },
  "proxy.jobs": {
    topic: "Proxy",
    type: boolean,
    scope: "replica",
    description:
      "Whether jobs get the proxy, with its user and password, in their variables. If `false`, they clone and upload directly. Default: `true`.",
  },
} as const satisfies Record<string, Setting>;
