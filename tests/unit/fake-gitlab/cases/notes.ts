import {
  error,
  FORBIDDEN,
  GUEST,
  has,
  LIMITED,
  MAINTAINER,
  message,
  OWNER,
  REPORTER,
  TEXT,
  cases,
  type World,
} from "./world";

const list = "GET /projects/:id/merge_requests/:iid/notes";
const post = "POST /projects/:id/merge_requests/:iid/notes";
const put = "PUT /projects/:id/merge_requests/:iid/notes/:note_id";
const remove = "DELETE /projects/:id/merge_requests/:iid/notes/:note_id";
const PATH = "/projects/1/merge_requests/1/notes";
const LONG_AGO = { "if-unmodified-since": "Fri, 19 Jan 2018 00:00:00 GMT" };
const NO_NOTE = message(404, "404 Not found");

type Headers = Awaited<ReturnType<World["token"]>>;

/**
 * A merge request with notes by the administrator, a minute apart.
 * @returns the administrator's header
 */
async function notes(gitlab: World, ...bodies: readonly string[]): Promise<Headers> {
  await gitlab.controls.createMergeRequest({ title: "Scale" });
  const headers = await gitlab.token();
  for (const body of bodies) {
    await gitlab.status(`POST ${PATH}`, { body }, headers);
    await gitlab.controls.advanceClock({ ms: 60_000 });
  }
  return headers;
}

async function bodies(gitlab: World, path: string, headers: Headers): Promise<unknown> {
  const [status, body] = await gitlab.ask(`GET ${path}`, undefined, headers);
  return status === 200 ? (body as readonly { body: string }[]).map((note) => note.body) : status;
}

/** A user changes the administrator's note. */
async function change(gitlab: World, headers: Headers): Promise<readonly unknown[]> {
  await notes(gitlab, "first");
  const [status, body] = await gitlab.ask(`PUT ${PATH}/1`, { body: "new" }, headers);
  return status === 200 ? [status, (body as { body: string }).body] : [status, body];
}

/** Notes of merge requests. */
export const noteCases = cases([
  {
    id: "not-01",
    call: list,
    given: "no order",
    observe: async (gitlab) => bodies(gitlab, PATH, await notes(gitlab, "one", "two")),
    expected: ["two", "one"],
  },
  {
    id: "not-02",
    call: list,
    given: "the oldest first",
    observe: async (gitlab) => {
      const headers = await notes(gitlab, "one", "two");
      return bodies(gitlab, `${PATH}?order_by=created_at&sort=asc`, headers);
    },
    expected: ["one", "two"],
  },
  {
    id: "not-03",
    call: list,
    given: "the project by its path",
    observe: async (gitlab) => {
      const headers = await notes(gitlab, "one");
      return bodies(gitlab, "/projects/ci%2Fdemo/merge_requests/1/notes", headers);
    },
    expected: ["one"],
  },
  {
    id: "not-05",
    call: list,
    given: "an unknown merge request",
    observe: async (gitlab) =>
      bodies(gitlab, "/projects/1/merge_requests/99/notes", await gitlab.token()),
    expected: 404,
  },
  {
    id: "not-06",
    call: list,
    given: "a user who is not a member",
    observe: async (gitlab) => {
      await notes(gitlab, "one");
      return bodies(gitlab, PATH, await gitlab.token({ username: "stranger" }));
    },
    expected: 404,
  },
  {
    id: "not-07",
    call: post,
    given: "a Reporter",
    observe: async (gitlab) => {
      await notes(gitlab);
      return gitlab.ask(`POST ${PATH}`, { body: "text" }, await gitlab.member(REPORTER));
    },
    expected: [
      201,
      has({
        id: 1,
        body: "text",
        author: has({ username: TEXT }),
        created_at: TEXT,
        updated_at: TEXT,
        system: false,
        noteable_id: 1,
        noteable_type: "MergeRequest",
        noteable_iid: 1,
        resolvable: false,
        confidential: false,
        internal: false,
      }),
    ],
  },
  {
    id: "not-08",
    call: post,
    given: "no body; no token; no member",
    observe: async (gitlab) => {
      const headers = await notes(gitlab);
      const stranger = await gitlab.token({ username: "stranger" });
      return [
        await gitlab.ask(`POST ${PATH}`, {}, headers),
        await gitlab.status(`POST ${PATH}`, { body: "text" }),
        await gitlab.status(`POST ${PATH}`, { body: "text" }, stranger),
      ];
    },
    expected: [error("body is missing"), 401, 404],
  },
  {
    id: "not-11",
    call: put,
    given: "an unknown note; an empty body",
    observe: async (gitlab) => {
      const headers = await notes(gitlab, "one");
      return [
        await gitlab.status(`PUT ${PATH}/99`, { body: "new" }, headers),
        await gitlab.status(`PUT ${PATH}/1`, { body: "" }, headers),
      ];
    },
    expected: [404, 400],
  },
  {
    id: "not-12",
    call: put,
    given: "another user's note, a Reporter",
    observe: async (gitlab) => change(gitlab, await gitlab.member(REPORTER)),
    expected: FORBIDDEN,
  },
  {
    id: "not-13",
    call: put,
    given: "another user's note, a Maintainer of the project",
    observe: async (gitlab) => change(gitlab, await gitlab.member(MAINTAINER)),
    expected: [200, "new"],
  },
  {
    id: "not-14",
    call: put,
    given: "another user's note, a Maintainer of the group",
    observe: async (gitlab) => change(gitlab, await gitlab.member(MAINTAINER, "group")),
    expected: [200, "new"],
  },
  {
    id: "not-15",
    call: remove,
    given: "one's own note; a second time; an unknown one",
    observe: async (gitlab) => {
      const headers = await notes(gitlab, "one");
      const call = (id: number): Promise<number> =>
        gitlab.status(`DELETE ${PATH}/${id}`, undefined, headers);
      return [await call(1), await call(1), await call(99)];
    },
    expected: [204, 404, 404],
  },
  {
    id: "not-16",
    call: remove,
    given: "the condition that nothing has changed for years",
    observe: async (gitlab) => {
      const headers = await notes(gitlab, "one");
      return gitlab.ask(`DELETE ${PATH}/1`, undefined, { ...headers, ...LONG_AGO });
    },
    expected: message(412, "412 Precondition Failed"),
  },
  {
    id: "not-18",
    call: post,
    given: "a job's token, for writing and for reading",
    observe: async (gitlab) => {
      await notes(gitlab);
      const { jobToken } = await gitlab.running();
      const headers = { "job-token": jobToken };
      return [
        await gitlab.status(`POST ${PATH}`, { body: "text" }, headers),
        await gitlab.status(`GET ${PATH}`, undefined, headers),
      ];
    },
    expected: [401, 200],
  },
  {
    id: "not-19",
    call: post,
    given: "a time of creation, by the project's Owner and by a Maintainer",
    observe: async (gitlab) => {
      await notes(gitlab);
      const created_at = "2020-01-02T03:04:05.000Z";
      const by = async (level: number): Promise<unknown> => {
        const headers = await gitlab.member(level);
        const [, body] = await gitlab.ask(`POST ${PATH}`, { body: "text", created_at }, headers);
        return (body as { created_at: string }).created_at;
      };
      return [await by(OWNER), await by(MAINTAINER)];
    },
    expected: ["2020-01-02T03:04:05.000Z", "2026-11-24T12:00:00.000Z"],
  },
  {
    id: "not-20",
    call: post,
    given: "quick actions only",
    observe: async (gitlab) => {
      const headers = await notes(gitlab);
      const answer = await gitlab.ask(`POST ${PATH}`, { body: "/close\n/label ~a" }, headers);
      return [answer, await bodies(gitlab, PATH, headers)];
    },
    expected: [[202, has({ commands_changes: {} })], []],
  },
  {
    id: "not-21",
    call: post,
    given: "a body that begins with a comment",
    observe: async (gitlab) => bodies(gitlab, PATH, await notes(gitlab, "<!-- mark -->\ntext")),
    expected: ["<!-- mark -->\ntext"],
  },
  {
    id: "not-22",
    call: list,
    given: "a Guest of the private project",
    observe: async (gitlab) => {
      await notes(gitlab, "one");
      return bodies(gitlab, PATH, await gitlab.member(GUEST));
    },
    expected: 404,
  },
  {
    id: "not-23",
    call: post,
    given: "more notes per minute than one user may write",
    observe: async (gitlab) => {
      const headers = await notes(gitlab);
      await gitlab.controls.setSwitches({ notesPerMinute: 2 });
      const write = () => gitlab.api(`POST ${PATH}`, { body: "text" }, headers);
      for (let n = 0; n < 2; n += 1) await write();
      const { status, json, headers: answered } = await write();
      return [status, json, answered["retry-after"]];
    },
    expected: LIMITED,
  },
  {
    id: "not-24",
    call: "GET /projects/:id/merge_requests/:iid/notes/:note_id",
    given: "an unknown note",
    observe: async (gitlab) => {
      const headers = await notes(gitlab);
      return gitlab.ask(`GET ${PATH}/99`, undefined, headers);
    },
    expected: NO_NOTE,
  },
]);
