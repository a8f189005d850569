/**
 * Converts `Retry-After` to milliseconds.
 * @param header seconds, or a date in one of the three HTTP formats
 * @param nowMs the wall clock, used if the server does not send `Date`
 * @param serverDate the server's clock, from its `Date` header
 * @returns undefined if the header is missing or invalid
 */
export function retryAfterMs(
  header: string | null | undefined,
  nowMs: number,
  serverDate?: string,
): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  // `Date.parse` accepts far more formats than HTTP.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return undefined;
  const date = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  if (Number.isNaN(date)) return undefined;
  const now = Date.parse(serverDate ?? "");
  return Math.max(0, date - (Number.isNaN(now) ? nowMs : now));
}
