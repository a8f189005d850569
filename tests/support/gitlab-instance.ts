import type { LightMyRequestResponse } from "fastify";
import { createControls, type Controls } from "../../fake-gitlab/control/controls";
import { localInvoke } from "../../fake-gitlab/control/routes";
import { controlSchemas, type ControlName } from "../../fake-gitlab/control/schemas";
import { FaultBook } from "../../fake-gitlab/faults/book";
import { createServer } from "../../fake-gitlab/server";
import { createClock } from "../../fake-gitlab/state/clock";
import { createInstance, type Instance } from "../../fake-gitlab/state/instance";
import { seedBasics } from "../../fake-gitlab/state/seed";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/**
 * A day at 12:00. The clock of the instance starts there and moves only when a test advances it.
 */
export const NOON = Date.UTC(2026, 10, 24, 12);

export interface InjectedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: unknown;
  readonly text: string;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface TestGitlab extends AsyncDisposable {
  readonly instance: Instance;
  readonly controls: Controls;
  /** Calls the API below /api/v4. Sends an object as JSON, and bytes unchanged. */
  api(
    call: `${Method} ${string}`,
    body?: object | Buffer | null,
    headers?: Record<string, string>,
  ): Promise<InjectedResponse>;
  /** Polls for a job as gitlab-runner does. */
  poll(token: string, systemId?: string, more?: object): Promise<InjectedResponse>;
}

/** A fake GitLab without a network, with a clock that stands still and without long polls. */
export async function createTestGitlab(): Promise<TestGitlab> {
  const clock = createClock(() => NOON);
  const instance = createInstance({ clock, switches: { longPollSeconds: 0 } });
  seedBasics(instance);
  const faults = new FaultBook();
  const app = await createServer(instance, faults, { control: {} });
  const names = Object.keys(controlSchemas) as ControlName[];
  const controls = createControls(names, localInvoke(instance, faults));

  const api: TestGitlab["api"] = async (call, body, headers = {}) => {
    const [method, path] = call.split(" ") as [Method, string];
    const bytes = Buffer.isBuffer(body);
    const type = bytes ? "text/plain" : "application/json";
    const response = await app.inject({
      method,
      url: `/api/v4${path}`,
      headers: body === undefined ? headers : { "content-type": type, ...headers },
      ...(body !== undefined && { payload: bytes ? body : JSON.stringify(body) }),
    });
    return readResponse(response);
  };

  return {
    instance,
    controls,
    api,
    poll: (token, systemId = "r_000000000001", more = {}) =>
      api("POST /jobs/request", { token, system_id: systemId, info: RUNNER_INFO, ...more }),
    async [Symbol.asyncDispose]() {
      instance.stopping.abort();
      await app.close();
    },
  };
}

/** The relevant part of the information that gitlab-runner 19.4 reports about itself. */
export const RUNNER_INFO = {
  name: "gitlab-runner",
  version: "19.4.0",
  revision: "fc1f1862",
  platform: "linux",
  architecture: "amd64",
  executor: "shell",
  features: {
    cancelable: true,
    cancel_gracefully: true,
    two_phase_job_commit: true,
    upload_multiple_artifacts: true,
    artifacts_exclude: true,
  },
};

function readResponse(response: LightMyRequestResponse): InjectedResponse {
  const { statusCode, headers, body } = response;
  const isJson = String(headers["content-type"] ?? "").startsWith("application/json");
  return { status: statusCode, headers, text: body, json: isJson ? JSON.parse(body) : undefined };
}

/** A runner that is running a job. */
export async function withRunningJob(
  gitlab: TestGitlab,
  job: Partial<Parameters<Controls["enqueueJob"]>[0]> = {},
): Promise<{ runnerId: number; token: string; jobId: number; jobToken: string }> {
  const { id: runnerId, token } = await gitlab.controls.createRunner({});
  const { id: jobId } = await gitlab.controls.enqueueJob({ script: ["true"], ...job });
  const { status, json } = await gitlab.poll(token);
  if (status !== 201) throw new Error(`the poll was answered ${status}, not 201`);
  return { runnerId, token, jobId, jobToken: (json as { token: string }).token };
}

/** Returns the header with which a user's script authenticates, with a new token. */
export async function tokenHeader(
  gitlab: TestGitlab,
  params: Parameters<Controls["createPersonalAccessToken"]>[0] = {},
): Promise<{ "private-token": string }> {
  return { "private-token": (await gitlab.controls.createPersonalAccessToken(params)).token };
}
