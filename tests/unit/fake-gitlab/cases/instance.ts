import { has, like, message, TEXT, cases } from "./world";

const discovery = "GET /runners/router/discovery";

/** The instance. */
export const instanceCases = cases([
  {
    id: "ins-02",
    call: "GET /user",
    given: "a token that can only create runners",
    observe: async (gitlab) =>
      gitlab.ask("GET /user", undefined, await gitlab.token({ scopes: ["create_runner"] })),
    expected: [403, has({ error: "insufficient_scope" })],
  },
  {
    id: "ins-03",
    call: "GET /nothing",
    given: "an unknown path",
    observe: (gitlab) => gitlab.ask("GET /nothing"),
    expected: [404, { error: "404 Not Found" }],
  },
  {
    id: "ins-04",
    call: "DELETE /version",
    given: "a method that the path does not have",
    observe: async (gitlab) => {
      const { status, json, headers } = await gitlab.api("DELETE /version");
      return [status, json, headers["allow"]];
    },
    expected: [405, { error: "405 Not Allowed" }, like(/GET/)],
  },
  {
    id: "ins-05",
    call: discovery,
    given: "no runner token",
    observe: (gitlab) => gitlab.status(discovery),
    expected: 403,
  },
  {
    id: "ins-06",
    call: discovery,
    given: "a runner token",
    observe: async (gitlab) => {
      const { token } = await gitlab.controls.createRunner({});
      return gitlab.ask(discovery, undefined, { "runner-token": token });
    },
    expected: [501, { message: TEXT }],
  },
  {
    id: "ins-07",
    call: "POST /runners/verify",
    given: "a body that is not JSON",
    observe: (gitlab) =>
      gitlab.status("POST /runners/verify", Buffer.from("{"), {
        "content-type": "application/json",
      }),
    expected: 400,
  },
  {
    id: "ins-08",
    call: "GET /version",
    given: "the client's own request ID",
    observe: async (gitlab) => {
      const headers = { ...(await gitlab.token()), "x-request-id": "of-the-client" };
      return (await gitlab.api("GET /version", undefined, headers)).headers["x-request-id"];
    },
    expected: "of-the-client",
  },
  {
    id: "ins-09",
    call: "GET /version",
    given: "more requests a minute than one address may send",
    observe: async (gitlab) => {
      const headers = await gitlab.token();
      await gitlab.controls.setSwitches({ requestsPerMinute: 2 });
      for (let n = 0; n < 2; n += 1) await gitlab.status("GET /version", undefined, headers);
      const answer = await gitlab.api("GET /version", undefined, headers);
      return [answer.status, answer.text, answer.headers];
    },
    expected: [
      429,
      "Retry later\n",
      has({
        "content-type": like(/^text\/plain/),
        "ratelimit-limit": "2",
        "ratelimit-observed": "3",
        "ratelimit-remaining": "0",
        "ratelimit-reset": TEXT,
        "retry-after": "60",
      }),
    ],
  },
  {
    id: "ins-10",
    call: "POST /runners/verify",
    given: "maintenance",
    observe: async (gitlab) => {
      const headers = await gitlab.token();
      await gitlab.controls.setSwitches({ maintenanceMode: true });
      const { status, json, headers: answered } = await gitlab.api("POST /runners/verify", {});
      return [
        [status, json, answered["retry-after"]],
        await gitlab.status("GET /version", undefined, headers),
      ];
    },
    expected: [
      [...message(503, "You cannot perform write operations on a read-only instance"), "60"],
      200,
    ],
  },
]);
