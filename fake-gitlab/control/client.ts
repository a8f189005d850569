import { createControls, type Controls } from "./controls";
import { CONTROL_PATH } from "./path";
import { controlSchemas, type ControlName } from "./schemas";

export interface ConnectOptions {
  /** The control token. For a fake GitLab in its own process, this is the administrator's token. */
  readonly token: string;
}

/**
 * Connects to the controls of a fake GitLab in another process.
 * @param url its base URL, such as http://172.17.0.1:8929
 */
export function connectControl(url: string, { token }: ConnectOptions): Controls {
  const base = url.replace(/\/+$/, "") + CONTROL_PATH;
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const names = Object.keys(controlSchemas) as ControlName[];
  return createControls(names, async (name, params) => {
    const body = JSON.stringify(params);
    const response = await fetch(`${base}/${name}`, { method: "POST", headers, body });
    const answer = (await response.json()) as { result?: unknown; error?: string };
    if (response.ok) return answer.result ?? undefined;
    throw new Error(`fake GitLab at ${url}: ${name}: ${answer.error ?? response.statusText}`);
  });
}
