import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { startGitlab } from "../../../../fake-gitlab";
import { connectionTo } from "../../../../fake-gitlab/pulumi-plugin/connection";
import { callGitlab } from "../../../../fake-gitlab/pulumi-plugin/gitlab-client";
import { findProxy } from "../../../../fake-gitlab/pulumi-plugin/proxy";
import { makeCertificate } from "../../../support/certificate";

const NO_SETTINGS: ReadonlyMap<string, string> = new Map();

/** Starts a proxy that accepts every destination. */
async function startProxy(): Promise<
  { readonly url: string; readonly asked: string[] } & AsyncDisposable
> {
  const asked: string[] = [];
  const server = createServer((client) => {
    client.once("data", (head) => {
      const [, target = ""] = /^CONNECT (\S+) /.exec(head.toString("latin1")) ?? [];
      asked.push(target);
      const upstream = connect(Number(target.split(":")[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(upstream).pipe(client);
      });
      for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

describe("the fake plugin's connection to GitLab", () => {
  it("uses the proxy from the environment", async () => {
    await using gitlab = await startGitlab();
    await using proxy = await startProxy();
    const { token } = await gitlab.createPersonalAccessToken({});
    const { port } = new URL(gitlab.url);
    const baseUrl = `http://gitlab.example.com:${port}/api/v4/`;
    const dispatcher = connectionTo(baseUrl, NO_SETTINGS, { HTTP_PROXY: proxy.url });
    const version = await callGitlab({ baseUrl, token, dispatcher }, "GET", "version");
    await dispatcher.close();
    expect(version).toHaveProperty("version");
    expect(proxy.asked).toEqual([`gitlab.example.com:${port}`]);
  });

  it.each([
    ["https://gitlab.example.com/", { HTTPS_PROXY: "http://proxy:3128" }, "http://proxy:3128"],
    ["https://gitlab.example.com/", { https_proxy: "proxy:3128" }, "http://proxy:3128"],
    ["https://gitlab.example.com/", { HTTP_PROXY: "http://proxy:3128" }, undefined],
    ["http://127.0.0.1:8929/", { HTTP_PROXY: "http://proxy:3128" }, undefined],
    ["http://gitlab/", { HTTP_PROXY: "http://proxy", NO_PROXY: "other, gitlab" }, undefined],
    ["http://a.example.com/", { HTTP_PROXY: "http://proxy", NO_PROXY: "example.com" }, undefined],
    ["http://a.example.com/", { HTTP_PROXY: "http://proxy", no_proxy: ".example.com" }, undefined],
    [
      "http://example.com/",
      { HTTP_PROXY: "http://proxy", no_proxy: ".example.com" },
      "http://proxy",
    ],
    [
      "http://anexample.com/",
      { HTTP_PROXY: "http://proxy", NO_PROXY: "example.com" },
      "http://proxy",
    ],
    ["http://gitlab:8080/", { HTTP_PROXY: "http://proxy", NO_PROXY: "gitlab:8080" }, undefined],
    ["http://gitlab/", { HTTP_PROXY: "http://proxy", NO_PROXY: "*" }, undefined],
    ["http://gitlab/", {}, undefined],
  ])("to %s with %j uses the proxy %s", (url, env: Record<string, string>, proxy) => {
    expect(findProxy(new URL(url), env)).toBe(proxy);
  });

  it.each(["SSL_CERT_FILE", "cacertFile"])("trusts the CA certificates in %s", async (where) => {
    using certificate = await makeCertificate();
    await using gitlab = await startGitlab({ tls: certificate });
    const { token } = await gitlab.createPersonalAccessToken({});
    const baseUrl = `${gitlab.url}/api/v4/`;
    const call = async (
      settings: ReadonlyMap<string, string>,
      env: Record<string, string>,
    ): Promise<unknown> => {
      const dispatcher = connectionTo(baseUrl, settings, env);
      try {
        return await callGitlab({ baseUrl, token, dispatcher }, "GET", "version");
      } finally {
        await dispatcher.close();
      }
    };
    await expect(call(NO_SETTINGS, {})).rejects.toThrow();
    const { file } = certificate;
    const trusted =
      where === "cacertFile"
        ? call(new Map([[where, file]]), {})
        : call(NO_SETTINGS, { [where]: file });
    expect(await trusted).toHaveProperty("version");
  });
});
