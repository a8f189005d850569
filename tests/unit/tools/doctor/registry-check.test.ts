import { describe, expect, it } from "@jest/globals";
import { explain } from "../../../../http/explain";
import { ProxyError } from "../../../../http/proxy-error";
import { checkRegistry } from "../../../../tools/doctor/checks/registry";
import { parseChallenge } from "../../../../components/registry/challenge";
import type { RegistryAnswer, RegistryRequest } from "../../../../components/registry/transport";
import { stackSettings } from "../../../support/doctor-settings";

const PASSWORD = "password-of-ci";
const NO_LOGINS = { HOME: "/no/such/home" };
const REPOSITORY = "https://registry.example.com/v2/ci/gitlab-runner-pool/blobs/uploads/";
const BASIC = `Basic ${Buffer.from(`ci:${PASSWORD}`).toString("base64")}`;

/** What the transport knows about the connection. */
const LEG = {
  ...{ host: "registry.example.com", proxy: undefined, isSecured: false },
  ...{ hasIdentity: false, problems: [], remedies: { "proxy login": "write it" } },
};

type Reply = readonly [status: number, headers?: Readonly<Record<string, string>>, text?: string];

function settings(withLogin: boolean, address = "registry.example.com/ci") {
  const login = withLogin ? { username: "ci", password: PASSWORD } : {};
  return stackSettings({ registry: JSON.stringify({ address, ...login }) }).registry;
}

/** Runs the check against a registry whose replies a function decides. */
async function check(
  reply: (request: RegistryRequest & { readonly line: string; readonly auth: string }) => Reply,
  { withLogin = true, address = "registry.example.com/ci", isForwarded = false } = {},
) {
  const lines: string[] = [];
  const transport = (request: RegistryRequest): Promise<RegistryAnswer> => {
    const line = `${request.method} ${request.url.href}`;
    lines.push(line);
    const auth = request.headers?.["authorization"] ?? "";
    const [status, headers = {}, text = ""] = reply({ ...request, line, auth });
    return Promise.resolve({ status, header: (name) => headers[name], text, isForwarded });
  };
  const { outcome } = await checkRegistry(
    settings(withLogin, address),
    transport,
    NO_LOGINS,
    () => undefined,
  );
  return { outcome, lines };
}

const DENY_BASIC: Reply = [401, { "www-authenticate": 'Basic realm="registry"' }];

describe("the check of the registry", () => {
  it("logs in, starts an upload and cancels it", async () => {
    const { outcome, lines } = await check(({ method, auth }) => {
      if (auth !== BASIC) return DENY_BASIC;
      if (method === "POST") return [202, { location: "/v2/uploads/1?state=a" }];
      return method === "DELETE" ? [204] : [200];
    });
    expect(outcome).toEqual({
      kind: "passed",
      text: "registry.example.com answers with TLS, login of user ci accepted, push to registry.example.com/ci/gitlab-runner-pool allowed",
    });
    expect([...new Set(lines)]).toEqual([
      "GET https://registry.example.com/v2/",
      `POST ${REPOSITORY}`,
      "DELETE https://registry.example.com/v2/uploads/1?state=a",
    ]);
  });

  it.each([true, false])("blames no login for the 401 of a proxy: %s", async (withLogin) => {
    const options = { withLogin, address: "http://registry.example.com/ci", isForwarded: true };
    const { outcome, lines } = await check(() => DENY_BASIC, options);
    const problem =
      "registry.example.com or the proxy in HTTP_PROXY answered 401, as no registry does: check HTTP_PROXY and `registry.address`, or add the host to NO_PROXY";
    expect(outcome).toEqual({ kind: "failed", problems: [problem] });
    expect(lines).toEqual(["GET http://registry.example.com/v2/"]);
  });

  it("gets a token for the push from the token server", async () => {
    const bearer = 'Bearer realm="https://auth.example.com/token",service="registry"';
    const { outcome, lines } = await check(({ method, url, auth }) => {
      if (url.host === "auth.example.com") {
        return auth === BASIC
          ? [200, {}, `{"token":"for ${url.searchParams.get("scope") ?? "nothing"}"}`]
          : [401];
      }
      if (auth === "") return [401, { "www-authenticate": bearer }];
      if (method === "GET") return [200];
      if (auth !== "Bearer for repository:ci/gitlab-runner-pool:pull,push") return [403];
      return method === "POST" ? [202, { location: `${REPOSITORY}1` }] : [204];
    });
    expect(outcome.kind).toBe("passed");
    expect(lines).toContain(
      "GET https://auth.example.com/token?service=registry&scope=repository%3Aci%2Fgitlab-runner-pool%3Apull%2Cpush",
    );
  });

  it("accepts a registry without TLS and without a login", async () => {
    const { outcome } = await check(
      ({ method }) =>
        method === "POST" ? [202, { location: "/v2/u/1" }] : [method === "GET" ? 200 : 204],
      { withLogin: false, address: "http://registry.example.com:5000" },
    );
    expect(outcome).toEqual({
      kind: "passed",
      text: "registry.example.com:5000 answers without TLS, no login needed, push to registry.example.com:5000/gitlab-runner-pool allowed",
    });
  });

  it.each<
    [string, (request: { method: string; auth: string; url: URL }) => Reply, boolean, string]
  >([
    [
      "the password is wrong",
      () => DENY_BASIC,
      true,
      "registry.example.com rejects the login of user ci: correct `registry.username` and `registry.password`",
    ],
    [
      "the token server rejects the password",
      ({ url }) =>
        url.host === "auth.example.com"
          ? [401]
          : [401, { "www-authenticate": 'Bearer realm="https://auth.example.com/token"' }],
      true,
      "registry.example.com rejects the login of user ci: correct `registry.username` and `registry.password`",
    ],
    [
      "a login is missing",
      () => DENY_BASIC,
      false,
      "registry.example.com requires a login, and there is none: run `docker login registry.example.com`, or set `registry.username` and `registry.password`",
    ],
    [
      "anonymous clients may only pull",
      ({ method }) => (method === "GET" ? [200] : DENY_BASIC),
      false,
      "registry.example.com does not let anonymous clients push to registry.example.com/ci/gitlab-runner-pool: run `docker login registry.example.com`, or set `registry.username` and `registry.password`",
    ],
    [
      "the user may only pull",
      ({ method }) => (method === "GET" ? [200] : [403]),
      true,
      "registry.example.com does not let user ci push to registry.example.com/ci/gitlab-runner-pool: give the user the right to push, or check the path in `registry.address`",
    ],
    [
      "the repository does not exist",
      ({ method }) => (method === "GET" ? [200] : [404]),
      true,
      "registry.example.com has no repository ci/gitlab-runner-pool: create it, or check the path in `registry.address`",
    ],
    [
      "the registry is read-only",
      ({ method }) => (method === "GET" ? [200] : [405]),
      true,
      "registry.example.com answered 405 to the start of a push to registry.example.com/ci/gitlab-runner-pool: check the log of the registry",
    ],
    [
      "another server answers",
      () => [404],
      true,
      "registry.example.com answered 404, as no registry does: check `registry.address`",
    ],
  ])("fails if %s", async (_, reply, withLogin, problem) => {
    const { outcome } = await check(reply, { withLogin });
    expect(outcome).toEqual({ kind: "failed", problems: [problem] });
  });

  it("warns if the registry does not cancel the upload", async () => {
    const { outcome } = await check(({ method }) =>
      method === "POST" ? [202, { location: "/v2/u/1" }] : [method === "GET" ? 200 : 405],
    );
    expect(outcome).toMatchObject({
      kind: "warned",
      text: expect.stringMatching(
        /did not cancel the upload \(status 405\) and discards it later$/,
      ),
    });
  });

  it("sends the login neither to another server nor to a token server without TLS", async () => {
    const elsewhere = await check(({ method, url }) => {
      if (url.host !== "registry.example.com") throw new Error(`asked ${url.host}`);
      return method === "POST" ? [202, { location: "https://evil.example.com/u/1" }] : [200];
    });
    expect(elsewhere.outcome.kind).toBe("warned");
    const plain = await check(({ url }) => {
      if (url.host !== "registry.example.com") throw new Error(`asked ${url.host}`);
      return [401, { "www-authenticate": 'Bearer realm="http://auth.example.com/token"' }];
    });
    expect(plain.outcome).toEqual({
      kind: "warned",
      text: "the registry sends logins to http://auth.example.com, which does not use TLS, so none was sent",
    });
  });

  it.each<[string, Error, object]>([
    [
      "a refused connection",
      new Error("connect ECONNREFUSED 10.0.0.1:443"),
      {
        kind: "failed",
        problems: [
          "the registry registry.example.com cannot be reached (connect ECONNREFUSED 10.0.0.1:443): check `registry.address`, and whether the registry runs",
        ],
      },
    ],
    [
      "a name without an address",
      Object.assign(new Error("getaddrinfo ENOTFOUND registry.example.com"), { code: "ENOTFOUND" }),
      {
        kind: "failed",
        problems: [
          "this machine cannot resolve the name in registry.example.com (ENOTFOUND): correct `registry.address`, or check the DNS",
        ],
      },
    ],
    [
      "a name with several addresses, of which none answers",
      Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" }),
      {
        kind: "failed",
        problems: [
          "the registry registry.example.com cannot be reached (ECONNREFUSED): check `registry.address`, and whether the registry runs",
        ],
      },
    ],
    [
      "an answer without TLS",
      Object.assign(new Error("wrong version number"), { code: "ERR_SSL_WRONG_VERSION_NUMBER" }),
      {
        kind: "failed",
        problems: [
          "registry.example.com answers without TLS: write http:// in front of `registry.address`, and add the registry to `insecure-registries` of each Docker engine",
        ],
      },
    ],
    [
      "a certificate that is not trusted",
      Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      {
        kind: "failed",
        problems: [
          "this machine does not trust the certificate of registry.example.com (self-signed certificate), nor does the docker provider, which reads the digest of the image that it pushes: add the certificate authority to those of this machine, or set SSL_CERT_FILE to a file with all that this machine needs; the engines need it too, in /etc/docker/certs.d/registry.example.com/ca.crt",
        ],
      },
    ],
    [
      "a registry that requires a client certificate",
      Object.assign(new Error("alert certificate required: SSL alert number 116"), {
        code: "EPROTO",
      }),
      {
        kind: "failed",
        problems: [
          "registry.example.com requires a client certificate (alert certificate required), but the docker provider cannot send one when it reads the digest of the image that it pushes: choose a registry that works without one",
        ],
      },
    ],
    [
      "a proxy that rejects the login",
      new ProxyError("login", new URL("http://p:3128"), "answered 407"),
      { kind: "failed", problems: ["proxy p:3128 answered 407: write it"] },
    ],
    [
      "a proxy that is not HTTP",
      new ProxyError("unsupported", new URL("socks5://p:1080"), "is not supported"),
      {
        kind: "skipped",
        reason: "proxy p:1080 is not supported",
      },
    ],
  ])("describes %s", async (_, error, expected) => {
    const { outcome } = await check(() => {
      throw explain(error, LEG);
    });
    expect(outcome).toEqual(expected);
  });
});

describe("a challenge of a registry", () => {
  it.each([
    ['Basic realm="x"', { kind: "basic" }],
    [
      'Bearer realm="https://a/t",service="s",scope="x"',
      { kind: "bearer", realm: new URL("https://a/t"), service: "s" },
    ],
    [
      "bearer realm=https://a/t",
      { kind: "bearer", realm: new URL("https://a/t"), service: undefined },
    ],
    ['Bearer realm="file:///etc/passwd"', undefined],
    ["Bearer", undefined],
    ["Negotiate", undefined],
    [undefined, undefined],
  ])("is read from %s", (header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });
});
