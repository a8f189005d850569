import fastify from "fastify";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import type { GitlabAccess } from "../../../local/gitlab-plugin/gitlab-client";
import {
  createRunner,
  deleteRunner,
  diffRunner,
  readRunner,
  updateRunner,
} from "../../../local/gitlab-plugin/user-runner";

const INPUTS = {
  runnerType: "project_type",
  projectId: 7,
  description: "ci",
  tagLists: ["a", "b"],
  untagged: false,
  accessLevel: "ref_protected",
};

/** A GitLab that records what it is asked and answers as told. */
async function serve(status: number, body: unknown) {
  const asked: unknown[] = [];
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    done(null, text === "" ? undefined : (JSON.parse(String(text)) as unknown));
  });
  app.all("*", (request, reply) => {
    asked.push([request.method, request.url, request.headers.authorization, request.body]);
    return reply.code(status).send(body);
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const access: GitlabAccess = {
    baseUrl: `http://127.0.0.1:${port}/sub/api/v4/`,
    token: "glpat-x",
  };
  return { access, asked, [Symbol.asyncDispose]: () => app.close() };
}

describe("UserRunner of the stand-in plugin", () => {
  it("is made with GitLab's names, and keeps the token that only now is told", async () => {
    await using gitlab = await serve(201, { id: 12, token: "glrt-new", token_expires_at: null });
    expect(await createRunner(gitlab.access, INPUTS)).toEqual({
      id: "12",
      outs: { ...INPUTS, token: "glrt-new" },
    });
    const body = {
      runner_type: "project_type",
      project_id: 7,
      description: "ci",
      tag_list: ["a", "b"],
      run_untagged: false,
      access_level: "ref_protected",
    };
    expect(gitlab.asked).toEqual([["POST", "/sub/api/v4/user/runners", "Bearer glpat-x", body]]);
  });

  it("fails with GitLab's own message", async () => {
    await using gitlab = await serve(400, {
      message: "400 Bad request - Tags list can not be empty",
    });
    await expect(createRunner(gitlab.access, INPUTS)).rejects.toThrow(
      /POST http:.*user\/runners: 400 400 Bad request - Tags list can not be empty$/,
    );
  });

  it("is read as it is now, with the token that is known", async () => {
    await using gitlab = await serve(200, { id: 12, description: "changed", tag_list: ["b", "a"] });
    const known = { ...INPUTS, token: "glrt-new" };
    expect(await readRunner(gitlab.access, "12", known)).toEqual({
      props: { ...known, description: "changed", tagLists: ["b", "a"] },
      inputs: { ...INPUTS, description: "changed", tagLists: ["b", "a"] },
    });
  });

  it("is gone when GitLab does not know it, for reading and for deleting", async () => {
    await using gitlab = await serve(404, { message: "404 Not found" });
    expect(await readRunner(gitlab.access, "12", INPUTS)).toBeUndefined();
    await expect(deleteRunner(gitlab.access, "12")).resolves.toBeUndefined();
  });

  it("is changed in place, without what cannot be changed", async () => {
    await using gitlab = await serve(200, {});
    const outs = await updateRunner(
      gitlab.access,
      "12",
      { ...INPUTS, token: "glrt-new" },
      { ...INPUTS, tagLists: ["c"] },
    );
    expect(outs).toEqual({ ...INPUTS, tagLists: ["c"], token: "glrt-new" });
    const [[method, url, , body]] = gitlab.asked as [[string, string, string, object]];
    expect([method, url]).toEqual(["PUT", "/sub/api/v4/runners/12"]);
    expect(body).toMatchObject({ tag_list: ["c"] });
    expect(body).not.toHaveProperty("runner_type");
  });

  it.each([
    [{ tagLists: ["b", "a"] }, false, []],
    [{ description: "new" }, true, []],
    [{ untagged: true, locked: true }, true, []],
    [{ projectId: 8 }, true, ["projectId"]],
    [{ runnerType: "instance_type", projectId: undefined }, true, ["runnerType", "projectId"]],
  ])("differs by %j: %s, replaced for %j", (change, changes, replaces) => {
    const news = { ...INPUTS, ...change };
    expect(diffRunner({ ...INPUTS, token: "glrt-new" }, news)).toEqual({ changes, replaces });
  });
});
