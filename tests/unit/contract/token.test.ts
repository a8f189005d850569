import { describe, expect, it } from "@jest/globals";
import { hasTokenFormat, detectTokenKind, checkToken } from "../../../contract/token";

describe("detectTokenKind", () => {
  it.each([
    ["glrt-abc", "authentication"],
    ["glrtr-abc", "authentication"],
    ["acme-glrt-abc", "authentication"],
    ["acme-ci_2-glrt-abc", "authentication"],
    ["GR1348941abc", "registration"],
    ["acme-GR1348941abc", "registration"],
    ["acme-ci_2-GR1348941abc", "registration"],
    ["glrtx-abc", undefined],
    ["xglrt-abc", undefined],
    ["acme.glrt-abc", undefined],
    ["acme.GR1348941abc", undefined],
    ["xGR1348941abc", undefined],
    ["-glrt-abc", undefined],
    ["-GR1348941abc", undefined],
    ["glrt", undefined],
    ["0123456789", undefined],
  ])("maps %s to %s", (token, kind) => {
    expect(detectTokenKind(token)).toBe(kind);
  });
});

describe("validating a token", () => {
  it.each(["x".repeat(8), "x".repeat(255), "!glrt-~09"])("accepts %s", (text) => {
    expect(hasTokenFormat(text)).toBe(true);
    expect(checkToken(text)).toBeUndefined();
  });

  it.each([
    "x".repeat(7),
    "x".repeat(256),
    "glrt 0123456789",
    "glrt-0123456789\n",
    "glrt-ü0123456789",
    "",
  ])("rejects %j", (text) => {
    expect(hasTokenFormat(text)).toBe(false);
    expect(checkToken(text)).toMatch(/^must be /);
  });

  it.each([
    ["glpat-0123456789", "a personal, group or project access token (glpat-…)"],
    ["gldt-0123456789", "a deploy token (gldt-…)"],
    ["glcbt-0123456789", "a CI/CD job token (glcbt-…)"],
    ["glptt-0123456789", "a pipeline trigger token (glptt-…)"],
    ["glft-0123456789", "a feed token (glft-…)"],
    ["glagent-0123456789", "a token of the GitLab agent for Kubernetes (glagent-…)"],
    ["http://gitlab.example.com", "a URL"],
    ["https://gitlab.example.com", "a URL"],
    ["--token glrt-0123456789", "an assignment, an option or a header: pass only the token"],
    ["-token=glrt-0123456789", "an assignment, an option or a header: pass only the token"],
    ["Bearer glrt-0123456789", "an assignment, an option or a header: pass only the token"],
    ["TOKEN=glrt-0123456789", "an assignment, an option or a header: pass only the token"],
    ["<token of the runner>", "a placeholder"],
    ["glrt-...", "a placeholder"],
    ["glrt-…", "a placeholder"],
    ["glrt-xxxxxxxxxxxx", "a placeholder"],
    ["glrt-XXXX", "a placeholder"],
    ["GR1348941****", "a placeholder"],
    ["********", "a placeholder"],
    ["[MASKED]", "a placeholder"],
  ])("recognizes %s as something else", (text, words) => {
    expect(checkToken(text)).toBe(`must be a runner token, not ${words}`);
  });

  it.each([
    "glrt-xxxx0123",
    "ab=",
    "YWJjZGVmZ2hpag==",
    "constructor-token",
    "x<0123456>x",
    "x<0123456>",
    "<0123456>x",
    "xglrt-xxxxx",
    "glrt-.0123",
    "0123456****",
    "****0123456",
    "0-glpat-0123456",
    "0123https:",
    "beareroftoken",
  ])("does not mistake %s for something else", (text) => {
    expect(checkToken(text) ?? "").not.toContain(", not ");
  });
});
