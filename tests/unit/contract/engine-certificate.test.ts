import { describe, expect, it } from "@jest/globals";
import { checkAlternativeNames } from "../../../contract/engine-certificate";

describe("checkAlternativeNames", () => {
  it.each([
    ["engine.example.com", "IP Address:10.0.0.1, DNS:engine.example.com"],
    ["10.0.0.1", "DNS:engine.example.com, IP Address:10.0.0.1"],
    ["fd00::1", "IP Address:FD00:0:0:0:0:0:0:1"],
  ])("accepts a certificate for %s with %s", (host, names) => {
    expect(checkAlternativeNames(host, names)).toBeUndefined();
  });

  it.each([
    ["engine.example.com", undefined],
    ["engine.example.com", "IP Address:10.0.0.1"],
    ["10.0.0.1", undefined],
    ["10.0.0.1", "DNS:10.0.0.1"],
  ])("rejects a certificate for %s with %s", (host, names) => {
    expect(checkAlternativeNames(host, names)?.message).toBe(
      `the engine's certificate has no subject alternative name for ${host}: issue one with it`,
    );
  });
});
