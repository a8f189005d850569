import { createControls, type Controls } from "./controls";
import { CONTROL_PATH } from "./path";
import { controlSchemas, type ControlName } from "./schemas";

export interface ConnectOptions {
  /** The control token, needed from another machine or a container. */
  readonly token?: string;
}

/**
 * The controls of a stand-in that runs in another process.
 * @param url its base URL, such as http://172.17.0.1:8929
 */
export function connectControl(url: string, options: ConnectOptions = {}): Controls {
  const base = url.replace(/\/+$/, "") + CONTROL_PATH;
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (options.token !== undefined) headers["Authorization"] = `Bearer ${options.token}`;
  const names = Object.keys(controlSchemas) as ControlName[];
  return createControls(names, async (name, params) => {
    const body = JSON.stringify(params);
    const response = await fetch(`${base}/${name}`, { method: "POST", headers, body });
    const answer = (await response.json()) as { result?: unknown; error?: string };
    if (response.ok) return answer.result ?? undefined;
    throw new Error(`GitLab stand-in at ${url}: ${name}: ${answer.error ?? response.statusText}`);
  });
}
