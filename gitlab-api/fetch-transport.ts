import type { Transport } from "./call";

/**
 * Sends requests with `fetch`. A replica uses another transport, because loading `fetch` takes
 * longer than its request.
 * @param timeoutMs from the start of a request to the end of the answer
 */
export function createFetchTransport(timeoutMs: number): Transport {
  return async ({ method, url, headers, body }) => {
    const response = await fetch(url, {
      method,
      headers,
      ...(body !== undefined && { body }),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      reason: response.statusText,
      header: (name) => response.headers.get(name) ?? undefined,
      text: await response.text(),
    };
  };
}
