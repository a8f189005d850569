import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { sendRequest, type OutgoingRequest } from "../../../http/send-request";

export interface HttpCall extends Omit<OutgoingRequest, "signal"> {
  /** From the start of the call to the end of the response. */
  readonly timeoutMs: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal | undefined;
  /** A longer response is an error. */
  readonly maxBytes: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Such as `Bad Gateway`. */
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Makes an HTTP call that always ends within its timeout, even if the server switches protocols,
 * sends without end, or stays silent.
 * @throws Error with the reason if there is no response
 */
export function callHttp(call: HttpCall): Promise<HttpResponse> {
  return withDeadline(call.timeoutMs, call.signal, async (signal) => {
    const response = await sendRequest({ ...call, signal });
    return {
      status: response.statusCode ?? 0,
      reason: response.statusMessage ?? "",
      headers: response.headers,
      text: await readText(response, call.maxBytes),
    };
  });
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > maxBytes) {
      const status = response.statusCode ?? 0;
      throw new Error(`the ${status} response is longer than ${maxBytes / 1024} KiB`);
    }
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Runs `act` with a deadline. Ends in time even if `act` ignores the signal. */
async function withDeadline<T>(
  ms: number,
  outer: AbortSignal | undefined,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cut = new AbortController();
  const { signal } = cut;
  const cutOff = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
  const timer = setTimeout(() => {
    cut.abort(new Error(`no response within ${ms / 1000} s`));
  }, ms);
  const follow = () => {
    cut.abort(new Error("the request was canceled"));
  };
  outer?.addEventListener("abort", follow);
  if (outer?.aborted === true) follow();
  try {
    return await Promise.race([act(signal), cutOff]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", follow);
    // Closes a connection that the server may hold open.
    cut.abort(new Error("the call is over"));
  }
}
