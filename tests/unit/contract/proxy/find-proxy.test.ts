import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { buildProxyAuthorization, findProxy } from "../../../../contract/proxy/find-proxy";
import { CASES, PROXIES, type ProxyCase } from "../../../fixtures/go-proxy/cases";

const FIXTURES = resolve(__dirname, "../../../fixtures/go-proxy");

function ask([url, env]: ProxyCase): string {
  try {
    const proxy = findProxy(new URL(url), { ...PROXIES, ...env });
    return proxy === undefined ? "direct" : `${proxy.protocol}//${proxy.host}`;
  } catch {
    return "error";
  }
}

describe("findProxy", () => {
  it("decides as Go's net/http in each recorded case", () => {
    // `npx tsx tests/support/record-go-proxies.ts` records the answers.
    const answers = JSON.parse(readFileSync(join(FIXTURES, "answers.json"), "utf8")) as string[];
    const ours = CASES.map((one) => `${one[0]} ${JSON.stringify(one[1])} ${ask(one)}`);
    expect(ours).toEqual(answers);
  });

  it.each([
    "http://proxy:port",
    "http://me:my-password%zz@proxy:3128",
    "http://",
    " http://proxy:3128",
    "http://me:my#password@proxy:3128",
    "http://pro xy:3128",
  ])("reports the value %j, which Go ignores, without showing it", (value) => {
    const find = () => findProxy(new URL("https://example.com"), { https_proxy: value });
    expect(find).toThrow(
      new Error(
        "https_proxy is not the address of a proxy: set it to http://HOST:PORT, " +
          "or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded",
      ),
    );
  });

  it("ignores the value of a proxy that the address does not need", () => {
    const env = { HTTPS_PROXY: "http://proxy:port", NO_PROXY: "example.com" };
    expect(findProxy(new URL("https://example.com"), env)).toBeUndefined();
    expect(findProxy(new URL("http://other.com"), env)).toBeUndefined();
  });
});

describe("the login of a proxy", () => {
  const read = (url: string) => {
    const [, text = ""] =
      buildProxyAuthorization(new URL(url))["proxy-authorization"]?.split(" ") ?? [];
    return Buffer.from(text, "base64").toString();
  };
  it.each([
    ["http://proxy", ""],
    ["http://me@proxy", "me:"],
    ["http://me:p%40%3Aw%C3%BC@proxy", "me:p@:wü"],
    ["http://:only@proxy", ":only"],
  ])("of %s is %j", (url, login) => {
    expect(read(url)).toBe(login);
  });
});
