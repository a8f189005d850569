/** An error response that a handler can throw anywhere. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
  }
}

/** `{"message":"403 Forbidden"}`, with a reason `{"message":"403 Forbidden - reason"}`. */
export function forbidden(reason?: string, headers?: Record<string, string>): ApiError {
  return new ApiError(403, { message: withReason("403 Forbidden", reason) }, headers);
}

export function unauthorized(): ApiError {
  return new ApiError(401, { message: "401 Unauthorized" });
}

/** `{"message":"404 Project Not Found"}`. */
export function notFound(what: string): ApiError {
  return new ApiError(404, { message: `404 ${what} Not Found` });
}

export function badRequest(reason: string): ApiError {
  return new ApiError(400, { message: withReason("400 Bad request", reason) });
}

/** The response of a parameter check: `{"error":"token is missing"}`. */
export function paramError(text: string): ApiError {
  return new ApiError(400, { error: text });
}

export function gone(reason: string): ApiError {
  return new ApiError(410, { message: withReason("410 Gone", reason) });
}

/** The response of an endpoint's rate limit. */
export function tooManyRequests(): ApiError {
  const error = "This endpoint has been requested too many times. Try again later.";
  return new ApiError(429, { message: { error } }, { "Retry-After": "60" });
}

function withReason(text: string, reason: string | undefined): string {
  return reason === undefined ? text : `${text} - ${reason}`;
}

/** Model errors as an object: `{"message":{"tags_list":["…"]}}`. */
export function modelErrors(errors: readonly { field: string; text: string }[]): ApiError {
  const message: Record<string, string[]> = {};
  for (const { field, text } of errors) (message[field] ??= []).push(text);
  return new ApiError(400, { message });
}
