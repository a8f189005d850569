import type { FoundKey, Note } from "./found-key";

/**
 * Lists what differs from gitlab-runner in a pool, although its values are the same.
 * @param template the keys in its template
 * @param lines where the runner and its cache begin
 */
export function listDifferences(
  values: ReadonlyMap<string, unknown>,
  template: readonly FoundKey[],
  lines: { readonly runner: number; readonly cache: number | undefined },
): readonly Note[] {
  return [
    ...describeCache(values, lines.cache),
    ...describeShell(values, lines.runner),
    ...describeSessionServer(template),
  ];
}

function describeCache(
  values: ReadonlyMap<string, unknown>,
  line: number | undefined,
): readonly Note[] {
  if (!values.has("cache.type") || values.has("cache.shared")) return [];
  return [
    {
      line,
      text: "runners.cache has no Shared, which is false by default, but `cache.shared` is true by default and leads to other paths in the bucket. Jobs do not find their old caches, and create new ones. To keep the old paths, set `cache.shared` to false",
    },
  ];
}

function describeShell(values: ReadonlyMap<string, unknown>, line: number): readonly Note[] {
  if (values.get("executor") !== "shell") return [];
  return [
    {
      line,
      text: "jobs of the shell executor run inside the replica's container, without the tools, files and users of the old machine: add what they need to your own base image, and set `baseImage` to it",
    },
  ];
}

function describeSessionServer(template: readonly FoundKey[]): readonly Note[] {
  const [first] = template.filter(({ key }) => key.startsWith("session_server."));
  if (first === undefined) return [];
  return [
    {
      line: first.line,
      text: "session_server becomes a part of `configTemplate`, but a pool publishes no port for it, so web terminals do not reach the replicas. Its advertise_address is that of the old machine: remove session_server from the template, unless the replicas can be reached there",
    },
  ];
}
