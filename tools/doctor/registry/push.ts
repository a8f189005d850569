import type { RegistryAnswer } from "../../../components/registry/transport";
import type { RegistrySession } from "../../../components/registry/session";

/** Whether a registry lets a client push. */
export type PushVerdict =
  | { readonly kind: "allowed" }
  /** Allowed, but the registry did not cancel the upload. It discards such an upload itself. */
  | { readonly kind: "not cancelled"; readonly status: number }
  | { readonly kind: "denied"; readonly status: number }
  /** The registry creates no repositories by itself. */
  | { readonly kind: "no repository" }
  | { readonly kind: "failed"; readonly status: number };

/**
 * Starts the upload of a layer and cancels it at once. Nothing is pushed.
 * @param api the URL of the registry's API, such as `https://registry.example.com/v2/`
 * @param repository such as `ci/gitlab-runner-pool`
 */
export async function tryPush(
  session: RegistrySession,
  api: URL,
  repository: string,
): Promise<PushVerdict> {
  const scope = `repository:${repository}:pull,push`;
  const start = new URL(`${repository}/blobs/uploads/`, api);
  const started = await session.send({ method: "POST", url: start }, scope);
  const { status } = started;
  if (status === 401 || status === 403) return { kind: "denied", status };
  if (status === 404) return { kind: "no repository" };
  if (status !== 202) return { kind: "failed", status };
  const upload = findUpload(started, start);
  if (upload === undefined) return { kind: "not cancelled", status };
  const cancelled = await session.send({ method: "DELETE", url: upload }, scope);
  return cancelled.status >= 200 && cancelled.status <= 299
    ? { kind: "allowed" }
    : { kind: "not cancelled", status: cancelled.status };
}

/** Finds the address of the upload. A login must not go to another server. */
function findUpload({ header }: RegistryAnswer, start: URL): URL | undefined {
  const location = header("location") ?? "";
  if (location === "" || !URL.canParse(location, start.href)) return undefined;
  const url = new URL(location, start);
  return url.origin === start.origin ? url : undefined;
}
