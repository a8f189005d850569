import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { judgeLogin, whyRejected } from "../../../../components/registry/check-login";
import { createRegistryTransport } from "../../../../components/registry/transport";
import { listenLocally } from "../../../support/local-server";

const LOGIN = { username: "ci", password: "password-of-ci" };
const DENIED = '{"errors":[{"code":"DENIED","message":"access forbidden"}]}';
const PAGE = "<html>Your address is not allowed</html>";

type Reply = (response: ServerResponse) => unknown;

const reply =
  (status: number, text: string): Reply =>
  (response) =>
    response.writeHead(status).end(text);

/** How a registry of a test asks for a login. */
const BASIC = () => 'Basic realm="registry"';
const TOKEN = (host: string) => `Bearer realm="http://${host}/token"`;

/** Checks the login at a server that asks for one, and then gives a reply. */
async function check(challenge: (host: string) => string, judge: Reply) {
  const logins: string[] = [];
  const answer: RequestListener = ({ url, headers }, response) => {
    const { authorization } = headers;
    if (authorization !== undefined) logins.push(`${url ?? ""} ${authorization.split(" ")[0]}`);
    if (authorization !== undefined) judge(response);
    else response.writeHead(401, { "www-authenticate": challenge(headers.host ?? "") }).end();
  };
  await using server = await listenLocally(createServer(answer));
  const registry = { host: server.host, path: "", plainHttp: true };
  return { words: await whyRejected(registry, LOGIN, createRegistryTransport({})), logins };
}

describe("a registry's answer", () => {
  it.each([
    ["401", reply(401, PAGE), "status 401"],
    ["403 with an error of the registry API", reply(403, DENIED), "denied: access forbidden"],
  ])(
    "rejects the login with %s, from the registry or its token server",
    async (_, judge, words) => {
      expect(await check(BASIC, judge)).toEqual({ words, logins: ["/v2/ Basic"] });
      expect(await check(TOKEN, judge)).toEqual({ words, logins: ["/token Basic"] });
    },
  );

  it.each([
    ["403 with a page of a firewall", reply(403, PAGE)],
    ["403 with other JSON", reply(403, '{"errors":[{"message":"blocked"}],"message":"no"}')],
    ["403 without errors", reply(403, '{"errors":[]}')],
    ["400", reply(400, '{"errors":[{"code":"UNSUPPORTED","message":"bad request"}]}')],
    ["429", reply(429, '{"errors":[{"code":"TOOMANYREQUESTS"}]}')],
  ])("does not reject the login with %s", async (_, judge) => {
    expect(await check(BASIC, judge)).toEqual({ words: undefined, logins: ["/v2/ Basic"] });
    expect(await check(TOKEN, judge)).toEqual({ words: undefined, logins: ["/token Basic"] });
  });

  it.each([
    ["403", reply(403, PAGE)],
    ["403 with an error of the registry API", reply(403, DENIED)],
    ["401 without a way to log in", reply(401, PAGE)],
  ])("rejects no login that was not sent: %s", async (_, judge) => {
    await using server = await listenLocally(createServer((_request, response) => judge(response)));
    const registry = { host: server.host, path: "", plainHttp: true };
    expect(await whyRejected(registry, LOGIN, createRegistryTransport({}))).toBeUndefined();
  });

  it("rejects no login with the 403 of a proxy", async () => {
    let asked = 0;
    const refuse: RequestListener = (_request, response) => {
      asked += 1;
      response.writeHead(403).end(DENIED);
    };
    await using proxy = await listenLocally(createServer(refuse));
    const registry = { host: "registry.example.com", path: "", plainHttp: true };
    const transport = createRegistryTransport({ http_proxy: `http://${proxy.host}` });
    expect(await whyRejected(registry, LOGIN, transport)).toBeUndefined();
    expect(asked).toBe(1);
  });

  it.each([
    ["its own challenge", 'Basic realm="Tinyproxy"'],
    ["a challenge with a token server", 'Bearer realm="http://registry.example.com/token"'],
  ])("counts no 401 of a proxy, and sends it no login: %s", async (_, challenge) => {
    const logins: unknown[] = [];
    const refuse: RequestListener = ({ headers }, response) => {
      logins.push(headers.authorization);
      response.writeHead(401, { "www-authenticate": challenge }).end(PAGE);
    };
    await using proxy = await listenLocally(createServer(refuse));
    const registry = { host: "registry.example.com", path: "", plainHttp: true };
    const transport = createRegistryTransport({ http_proxy: `http://ci:wrong@${proxy.host}` });
    const verdict = await judgeLogin(registry, LOGIN, transport);
    expect(verdict).toEqual({ kind: "unknown", reason: "it answered 401" });
    expect(logins).toEqual([undefined]);
  });

  it.each([
    ["an error of the registry API", {}, '{"errors":[{"code":"UNAUTHORIZED"}]}', "unauthorized"],
    [
      "a registry's header",
      { "docker-distribution-api-version": "registry/2.0" },
      "",
      "status 401",
    ],
  ])("rejects the login through a proxy with 401 and %s", async (_, header, text, words) => {
    const headers = { ...header, "www-authenticate": BASIC() };
    const refuse: RequestListener = (_request, response) =>
      response.writeHead(401, headers).end(text);
    await using proxy = await listenLocally(createServer(refuse));
    const registry = { host: "registry.example.com", path: "", plainHttp: true };
    const transport = createRegistryTransport({ http_proxy: `http://${proxy.host}` });
    expect(await whyRejected(registry, LOGIN, transport)).toBe(words);
  });
});
