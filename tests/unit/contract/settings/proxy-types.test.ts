import { describe, expect, it } from "@jest/globals";
import { settingOf, type SettingKey } from "../../../../contract/settings/keys";
import { explainInvalid } from "../../../../contract/show-value";

/** Returns the parsed value, or the message about an invalid one. */
function read(key: SettingKey, text: unknown): unknown {
  const row = settingOf(key);
  const parsed = row.type.parse(text);
  return "value" in parsed ? parsed.value : explainInvalid(row, parsed.problem, text);
}

const URL_RULE =
  "must be a URL that starts with http:// or https://, such as http://proxy.example.com:3128";
const ENCODING =
  "must have a user and a password in which special characters are percent-encoded: write %40 for @, %2F for /, %23 for #, %3F for ?, %25 for %, %20 for a space, got [secret]";
const HOST =
  "must have the host name or IP address of the proxy, such as http://proxy.example.com:3128 or http://[fd00::1]:3128, got";

describe("the URL of a proxy", () => {
  it.each([
    ["http://proxy.example.com:3128", "http://proxy.example.com:3128"],
    ["HTTP://proxy_1:3128/", "http://proxy_1:3128"],
    // curl would use port 1080 if there was none.
    ["http://10.0.0.7", "http://10.0.0.7:80"],
    ["https://[fd00::1]", "https://[fd00::1]:443"],
    ["http://ci:p$w'd&(1)!*+,;=~.-_:x@proxy:3128", "http://ci:p$w'd&(1)!*+,;=~.-_:x@proxy:3128"],
    ["http://ci:a%40b%2Fc%23%25@proxy:3128", "http://ci:a%40b%2Fc%23%25@proxy:3128"],
    ["http://ci@proxy:3128", "http://ci@proxy:3128"],
  ])("is accepted: %s", (text, value) => {
    expect(read("proxy.https", text)).toBe(value);
    expect(read("proxy.http", value)).toBe(value);
  });

  it.each([
    [
      "proxy.example.com:3128",
      `${URL_RULE}: write http://proxy.example.com:3128, got "proxy.example.com:3128"`,
    ],
    ["ci:hunter2pass@proxy:3128", `${URL_RULE}: write http://[secret]@proxy:3128, got [secret]`],
    ["socks5://proxy:1080", `${URL_RULE}, got "socks5://proxy:1080"`],
    ...["3128", "true"].map((text) => [text, `${URL_RULE}, got "${text}"`]),
    ["http//proxy:3128", `${URL_RULE}, got [secret]`],
    ["10.0.0.7", `${URL_RULE}: write http://10.0.0.7, got "10.0.0.7"`],
    [
      "http://fd00::1:3128",
      "must have an IPv6 address in brackets, such as http://[fd00::1]:3128, got [secret]",
    ],
    ["http:/proxy:3128", `${URL_RULE}, got "http:/proxy:3128"`],
    ["", `${URL_RULE}, got ""`],
    ["http://", `${HOST} "http://"`],
    ["http://1.2.3.999:80", `${HOST} "http://1.2.3.999:80"`],
    [
      "http://proxy:99999",
      'must have a port from 1 to 65535, such as http://proxy.example.com:3128, got "http://proxy:99999"',
    ],
    [
      "http://proxy:3128/pac",
      'must end after the host and the port: remove the path, the query and the fragment, got "http://proxy:3128/pac"',
    ],
    [
      "http://:hunter2pass@proxy:3128",
      "must have a user in front of the password: write USER:PASSWORD@HOST, got [secret]",
    ],
    ["http://ci:hunter2@pass@proxy:3128", ENCODING],
    ["http://ci:hunter2/pass@proxy:3128", ENCODING],
    ["http://ci:hunter2#pass@proxy:3128", ENCODING],
    ["http://ci:100%@proxy:3128", ENCODING],
    [
      "http://ci:%ff@proxy:3128",
      "must have a user and a password in which percent-encoded bytes are UTF-8, got [secret]",
    ],
  ])("is rejected in one sentence without a password: %s", (text, message) => {
    expect(read("proxy.http", text)).toBe(message);
  });

  it.each([
    "http://ci:hunter2pass%40proxy:3128",
    "http://ci:hunter2pass:proxy:3128",
    "http://ci:hunter2pass",
    "ci:hunter2pass",
    "ci:hunter2pass:proxy:3128",
    "http://proxy:3128/?password=hunter2pass",
    "http://proxy:3128 ci:hunter2pass",
  ])("is rejected without a part that may be a password: %s", (text) => {
    const { type } = settingOf("proxy.https");
    expect(read("proxy.https", text)).toMatch(/^must .*, got \[secret\]$/);
    expect(read("proxy.https", text)).not.toContain("hunter2");
    // The advised command then contains --secret.
    expect(type.isSecret?.(text)).toBe(true);
  });

  it("is secret if it has a user, in all forms in which programs show it", () => {
    const { type } = settingOf("proxy.https");
    expect(type.isSecret?.("http://proxy:3128")).toBe(false);
    expect(type.isSecret?.("http://ci@proxy:3128")).toBe(true);
    expect(type.secretParts?.("http://ci:a%40b%24c@proxy:3128")).toEqual([
      "http://ci:a%40b%24c@proxy:3128",
      "ci:a%40b%24c",
      "a%40b%24c",
      "ci:a@b$c",
      "a@b$c",
    ]);
  });
});

describe("a list of hosts without a proxy", () => {
  it.each([
    ["*", ["*"]],
    ["gitlab, .example.com,db:5432 , 10.0.0.1", ["gitlab", ".example.com", "db:5432", "10.0.0.1"]],
    [
      "10.0.0.0/8,fd00::/8,fd00::1,10.0.0.1:80",
      ["10.0.0.0/8", "fd00::/8", "fd00::1", "10.0.0.1:80"],
    ],
    ["[fd00::1]:443,example.com", ["[fd00::1]:443", "example.com"]],
    ['["docker","10.0.0.0/8"]', ["docker", "10.0.0.0/8"]],
  ])("is accepted: %s", (text, value) => {
    expect(read("proxy.noProxy", text)).toEqual(value);
    expect(read("proxy.noProxy", settingOf("proxy.noProxy").type.format(value))).toEqual(value);
  });

  const NOT_ONE =
    "is not one: use a host, .DOMAIN, an IP address, a network such as 10.0.0.0/8, or *";
  it.each([
    ["https://git.example.com/x", "has a scheme: write git.example.com"],
    ["git.example.com/x", "has a path: write git.example.com"],
    ["a.example.com b.example.com", "contains a space: put a comma between two entries"],
    [
      "*.example.com",
      "has a * inside, which many programs take literally: write .DOMAIN, a network, or * alone",
    ],
    [
      "10.0.*",
      "has a * inside, which many programs take literally: write .DOMAIN, a network, or * alone",
    ],
    ["10.0.0.300", NOT_ONE],
    [":80", NOT_ONE],
    ["[fd00::1]", "has brackets, which belong there only with a port: write fd00::1"],
    ["10.0.0.0/33", "is not a network: write a number from 0 to 32 after the slash"],
    ["example.com:0", "has an invalid port: use a number from 1 to 65535"],
  ])("is rejected in one sentence: %s", (entry, problem) => {
    const text = JSON.stringify(entry);
    expect(read("proxy.noProxy", entry)).toBe(
      `must be a list of hosts without a proxy, and ${text} ${problem}, got ${text}`,
    );
  });

  it.each([
    ["http://ci:hunter2pass@proxy:3128", "has a scheme: write proxy:3128"],
    ["ci:hunter2pass", "has an invalid port"],
    ["docker,http://ci:hunter2pass:proxy", "has a scheme: write only the host"],
    ['["docker","ci:hunter2pass%40proxy:3128"]', "has an invalid port"],
    ["docker ci:hunter2pass", "contains a space"],
  ])("is rejected without showing the password of an entry: %s", (text, problem) => {
    const message = read("proxy.noProxy", text);
    expect(message).toContain(`and [secret] ${problem}`);
    expect(message).toMatch(/, got \[secret\]$/);
    expect(message).not.toContain("hunter2");
  });
});
