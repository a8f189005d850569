import type { FastifyReply, FastifyRequest } from "fastify";
import { rawParams } from "./params";

const DEFAULT_SIZE = 20;
const LARGEST_SIZE = 100;

/**
 * Returns one page of a list and adds GitLab's paging headers to the response.
 * @param options.counted false if GitLab does not count: no totals and no last page
 */
export function paginate<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  items: readonly T[],
  { counted = true }: { readonly counted?: boolean } = {},
): readonly T[] {
  const raw = rawParams(request);
  const size = Math.min(positive(raw["per_page"]) ?? DEFAULT_SIZE, LARGEST_SIZE);
  const page = positive(raw["page"]) ?? 1;
  const pages = Math.max(1, Math.ceil(items.length / size));
  const next = page < pages ? page + 1 : undefined;
  const previous = page > 1 ? page - 1 : undefined;
  reply.headers({
    "X-Page": String(page),
    "X-Per-Page": String(size),
    ...(counted && { "X-Total": String(items.length), "X-Total-Pages": String(pages) }),
    "X-Next-Page": String(next ?? ""),
    "X-Prev-Page": String(previous ?? ""),
    Link: links(
      request,
      { first: 1, last: counted ? pages : undefined, next, prev: previous },
      size,
    ),
  });
  return items.slice((page - 1) * size, page * size);
}

function positive(raw: unknown): number | undefined {
  const value = Number(raw);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

function links(
  request: FastifyRequest,
  pages: Readonly<Record<string, number | undefined>>,
  size: number,
): string {
  return Object.entries(pages)
    .flatMap(([rel, page]) => {
      if (page === undefined) return [];
      const url = new URL(request.originalUrl, `${request.protocol}://${request.host}`);
      url.searchParams.delete("private_token");
      url.searchParams.set("page", String(page));
      url.searchParams.set("per_page", String(size));
      return [`<${url.href}>; rel="${rel}"`];
    })
    .join(", ");
}
