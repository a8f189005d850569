import { RUNNER_INFO } from "./gitlab-instance";

export interface FakeJob {
  readonly id: number;
  /** Appends to the job's log. */
  write(text: string): Promise<void>;
  finish(state: "success" | "failed", failureReason?: string): Promise<void>;
}

/** A runner process that a test controls, over the real API. */
export class FakeRunner {
  constructor(
    private readonly url: string,
    private readonly token: string,
    readonly systemId: string,
  ) {}

  /**
   * Polls once.
   * @returns the job, if GitLab assigned one
   */
  async poll(): Promise<FakeJob | undefined> {
    const { token, systemId } = this;
    const body = { token, system_id: systemId, info: RUNNER_INFO };
    const response = await this.call("POST", "/jobs/request", body);
    if (response.status !== 201) return undefined;
    const job = (await response.json()) as { id: number; token: string };
    return this.play(job);
  }

  private play(job: { id: number; token: string }): FakeJob {
    let sent = 0;
    return {
      id: job.id,
      write: async (text) => {
        const data = Buffer.from(text);
        const headers = {
          "JOB-TOKEN": job.token,
          "Content-Range": `${sent}-${sent + data.length - 1}`,
        };
        sent += data.length;
        await this.call("PATCH", `/jobs/${job.id}/trace`, data, headers);
      },
      finish: async (state, failure_reason) => {
        await this.call("PUT", `/jobs/${job.id}`, { token: job.token, state, failure_reason });
      },
    };
  }

  private async call(
    method: string,
    path: string,
    body: object | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const isBytes = Buffer.isBuffer(body);
    const type = isBytes ? "text/plain" : "application/json";
    return await fetch(`${this.url}/api/v4${path}`, {
      method,
      headers: { "Content-Type": type, ...headers },
      body: isBytes ? new Uint8Array(body) : JSON.stringify(body),
    });
  }
}
