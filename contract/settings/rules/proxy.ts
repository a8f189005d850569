import { isExempt } from "../../proxy/no-proxy";
import type { Rule } from "./rule";

const warnOfUnusedNoProxy: Rule = ({ isSet, show, name }) =>
  !isSet("proxy.noProxy") || isSet("proxy.http") || isSet("proxy.https")
    ? {}
    : {
        warnings: [
          `${show("proxy.noProxy")} has no effect without a proxy: set ${name("proxy.http")} or ${name("proxy.https")}, or unset it`,
        ],
      };

/**
 * Whoever sets a proxy usually needs it for GitLab. Only its own host in `proxy.noProxy` says that
 * GitLab is meant to be reached directly.
 */
const warnOfUnusedProxy: Rule = ({ value, isSet, show, name }) => {
  const [given] = (["proxy.http", "proxy.https"] as const).filter((key) => isSet(key));
  const url = value("gitlabUrl");
  const noProxy = value("proxy.noProxy") ?? [];
  if (url === undefined || given === undefined) return {};
  const gitlab = new URL(url);
  const host = gitlab.hostname.replace(/^\[|\]$/g, "");
  const own = [host, gitlab.host, `${gitlab.host}:443`, `${gitlab.host}:80`];
  if (noProxy.some((entry) => own.includes(entry.toLowerCase()))) return {};
  const needed = gitlab.protocol === "https:" ? "proxy.https" : "proxy.http";
  const intended = `add ${host} to ${name("proxy.noProxy")} if that is intended`;
  if (!isSet(needed)) {
    return {
      warnings: [
        `${name(given)} does not apply to ${show("gitlabUrl")}, so the replicas connect to GitLab without a proxy: set ${name(needed)} too, or ${intended}`,
      ],
    };
  }
  if (!isExempt(gitlab, noProxy.join(","))) return {};
  return {
    warnings: [
      `${show("proxy.noProxy")} includes the host of ${show("gitlabUrl")}, so the replicas connect to GitLab without the proxy: remove the entry that includes it, or ${intended}`,
    ],
  };
};

/** Rules about the proxy. */
export const PROXY_RULES: readonly Rule[] = [warnOfUnusedNoProxy, warnOfUnusedProxy];
