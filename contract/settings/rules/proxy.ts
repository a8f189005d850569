import type { Rule } from "./rule";

const warnOfUnusedNoProxy: Rule = ({ isSet, show, name }) =>
  !isSet("proxy.noProxy") || isSet("proxy.http") || isSet("proxy.https")
    ? {}
    : {
        warnings: [
          `${show("proxy.noProxy")} has no effect without a proxy: set ${name("proxy.http")} or ${name("proxy.https")}, or unset it`,
        ],
      };

/** Rules about the proxy. */
export const PROXY_RULES: readonly Rule[] = [warnOfUnusedNoProxy];
