import { describe, expect, it } from "@jest/globals";
import {
  type ApiRequest,
  callApi,
  type HttpAnswer,
  type HttpRequest,
} from "../../../gitlab-api/call";

const ANSWER: HttpAnswer = { status: 200, reason: "OK", header: () => undefined, text: '{"id":1}' };

/** Makes a call. @returns the request that the transport got, and the result */
async function call(request: ApiRequest, answer: HttpAnswer = ANSWER) {
  const sent: HttpRequest[] = [];
  const apiUrl = "https://gitlab.example.com/root/api/v4";
  const transport = (http: HttpRequest): Promise<HttpAnswer> => {
    sent.push(http);
    return Promise.resolve(answer);
  };
  const read = await callApi({ apiUrl, transport, nowMs: () => 0 }, request);
  return { sent: sent.map((http) => ({ ...http, url: http.url.href })), read };
}

describe("a call to GitLab's API", () => {
  it("sends a body as JSON to a path below the API's URL", async () => {
    const { sent } = await call({ method: "POST", path: "/runners", body: { token: "t" } });
    expect(sent).toEqual([
      {
        method: "POST",
        url: "https://gitlab.example.com/root/api/v4/runners",
        headers: {
          accept: "application/json",
          "user-agent": "gitlab-runner-pool",
          "content-type": "application/json",
        },
        body: '{"token":"t"}',
      },
    ]);
  });

  it("encodes a query, omits undefined values, and sends the caller's headers", async () => {
    const query = { search: "a&b c", page: 2, status: undefined };
    const { sent } = await call({ path: "/runners", query, headers: { "private-token": "t" } });
    expect(sent).toMatchObject([
      {
        method: "GET",
        url: "https://gitlab.example.com/root/api/v4/runners?search=a%26b+c&page=2",
        headers: { "private-token": "t" },
        body: undefined,
      },
    ]);
    expect(sent[0]?.headers).not.toHaveProperty("content-type");
  });

  it.each([
    ['{"id":1}', { id: 1 }],
    ["<h1>Sign in</h1>", undefined],
    ["", undefined],
  ])("reads the body %j", async (text, json) => {
    expect((await call({ path: "/version" }, { ...ANSWER, text })).read.json).toEqual(json);
  });
});
