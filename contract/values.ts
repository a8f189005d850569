import * as z from "zod/mini";

/** Most replicas a pool may have. A typing error such as 40000 must not fill a swarm. */
export const MAX_REPLICAS = 1000;

/** Jobs one replica may run at once, at most. */
export const MAX_CONCURRENT = 1000;

/** GitLab takes no shorter `maximum_timeout` (seconds). */
export const MIN_MAXIMUM_TIMEOUT = 600;

/** Longest drain (seconds): a week. */
export const MAX_DRAIN_TIMEOUT = 7 * 86_400;

/** Bounds of GitLab's runner model. */
const MAX_TAGS = 50;
const MAX_DESCRIPTION = 1024;

/** GitLab's base URL, without a trailing slash. A sub-path (relative URL root) is kept. */
export const gitlabUrl = z.pipe(
  z.string(),
  z.transform((text, ctx) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const usable =
      url !== undefined &&
      (url.protocol === "https:" || url.protocol === "http:") &&
      // A password with a slash in it makes the rest of the text a path.
      !/[@?#]/.test(text);
    if (usable) return url.href.replace(/\/+$/, "");
    ctx.issues.push({
      code: "custom",
      input: text,
      message:
        "must be a URL that starts with https:// or http://, with no user, query or fragment, such as https://gitlab.example.com",
    });
    return z.NEVER;
  }),
);

/** Runner tags: comma-separated text to a list, trimmed, without empty and repeated ones; the order stays. */
export const tags = z.pipe(
  z.string(),
  z.transform((text, ctx) => {
    const list = [...new Set(text.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
    if (list.length > MAX_TAGS) {
      ctx.issues.push({ code: "custom", input: text, message: `must be at most ${MAX_TAGS} tags` });
      return z.NEVER;
    }
    return list;
  }),
);

/** An image reference as Docker takes it: registry, path, tag and digest. */
export const imageReference = z
  .string()
  .check(
    z.regex(
      /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
      "must be an image reference, such as ubuntu:24.04 or registry.example.com/ci/job:1",
    ),
  );

/** First part of a runner's description; the slot is added behind it. */
export const runnerName = z
  .string()
  .check(
    z.regex(
      new RegExp(`^[^\\u0000-\\u001f\\u007f]{1,${MAX_DESCRIPTION - 24}}$`, "u"),
      "must be 1 to 1000 printable characters",
    ),
  );

/** How jobs run in a replica. */
export const EXECUTORS = ["docker", "shell"] as const;

/** When the docker executor pulls an image. */
export const PULL_POLICIES = ["always", "if-not-present", "never"] as const;
