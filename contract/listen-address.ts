import { checkedString } from "./settings/types/string";

/** Lower ports are reserved for root. */
const MIN_PORT = 1024;
const MAX_PORT = 65_535;

const FORM = /^(?:0\.0\.0\.0|127\.0\.0\.1|\[::\])?:(\d{1,5})$/;

const RULE = `must be :PORT with a port from ${MIN_PORT} to ${MAX_PORT}, such as :9252, with 127.0.0.1 before it for the replica alone`;

/** Where gitlab-runner serves its metrics. The replica also reads them, at 127.0.0.1. */
export const listenAddress = checkedString("address", (text) => {
  const port = parsePort(text);
  return port >= MIN_PORT && port <= MAX_PORT ? undefined : RULE;
});

/** Returns the port of an address; NaN if it is invalid. */
export function parsePort(address: string): number {
  return Number(FORM.exec(address)?.[1]);
}
