import { describe, expect, it } from "@jest/globals";
import { whyRejected } from "../../../../components/registry/check-login";
import type { RegistryAnswer, RegistryRequest } from "../../../../components/registry/transport";

const LOGIN = { username: "ci", password: "password-of-ci" };
const BASIC = `Basic ${Buffer.from("ci:password-of-ci").toString("base64")}`;
const REGISTRY = { host: "registry.example.com", path: "ci", plainHttp: false };
const BEARER = 'Bearer realm="https://auth.example.com/token",service="registry"';

type Reply = readonly [status: number, challenge?: string | undefined, text?: string];

/** Checks the login at a registry whose replies a function decides. */
async function check(reply: (url: string, auth: string) => Reply, login = LOGIN) {
  const requests: string[] = [];
  const transport = ({ url, headers }: RegistryRequest): Promise<RegistryAnswer> => {
    requests.push(url.href);
    const [status, challenge, text = ""] = reply(url.href, headers?.["authorization"] ?? "");
    const header = (name: string) => (name === "www-authenticate" ? challenge : undefined);
    return Promise.resolve({ status, header, text });
  };
  return { words: await whyRejected(REGISTRY, login, transport), requests };
}

/** A registry that asks for a password and answers a wrong one with a text. */
const denyBasic =
  (text: string) =>
  (_: string, auth: string): Reply => [401, 'Basic realm="registry"', auth === "" ? "" : text];

describe("the check of a registry's login", () => {
  it("accepts what the registry accepts, with the requests of docker login", async () => {
    expect(await check((_, auth) => (auth === BASIC ? [200] : [401, "Basic"]))).toEqual({
      words: undefined,
      requests: ["https://registry.example.com/v2/", "https://registry.example.com/v2/"],
    });
    const withToken = await check((url, auth) => {
      if (url.includes("auth.example.com"))
        return auth === BASIC ? [200, undefined, '{"token":"t"}'] : [401];
      return auth === "Bearer t" ? [200] : [401, BEARER];
    });
    expect(withToken.words).toBeUndefined();
    expect(withToken.requests).toContain("https://auth.example.com/token?service=registry");
  });

  it.each([
    [
      '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}',
      "unauthorized: authentication required",
    ],
    ['{"errors":[{"code":"TOO_MANY_REQUESTS"}]}', "too many requests"],
    ['{"details":"incorrect username or password"}', "incorrect username or password"],
    ['{"error":"invalid_grant","error_description":"the token expired"}', "the token expired"],
    ['{"message":"denied"}', "denied"],
    ["<html>Unauthorized</html>", "status 401"],
    ['{"errors":[]}', "status 401"],
    ["", "status 401"],
    ['{"message":"a\\u001b[31m red\\nline"}', "a red line"],
    [`{"message":"wrong login ci:${LOGIN.password}"}`, "wrong login ci:[secret]"],
    [`{"message":"wrong login ${BASIC}"}`, expect.not.stringContaining("cGFzc3dvcmQ")],
  ])("returns the words of the registry: %s", async (text, words) => {
    expect((await check(denyBasic(text))).words).toEqual(words);
  });

  it("returns the words of the token server", async () => {
    const { words } = await check((url) =>
      url.includes("auth.example.com")
        ? [401, undefined, '{"errors":[{"code":"DENIED","message":"access forbidden"}]}']
        : [401, BEARER],
    );
    expect(words).toBe("denied: access forbidden");
  });

  it.each<[string, (url: string) => Reply]>([
    ["the registry has an error", () => [500]],
    ["the token server has an error", (url) => (url.includes("auth.") ? [503] : [401, BEARER])],
    ["the token server has no TLS", () => [401, 'Bearer realm="http://auth.example.com/"']],
    [
      "the connection fails",
      () => {
        throw new Error("connect ECONNREFUSED");
      },
    ],
  ])("rejects nothing if %s", async (_, reply) => {
    expect((await check(reply)).words).toBeUndefined();
  });
});
