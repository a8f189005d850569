import { describe, expect, it } from "@jest/globals";
import { showValue } from "../../../../components/settings/problems";

describe("showValue", () => {
  it.each([
    ["https://user:secret@gitlab.example.com", '"https://…@gitlab.example.com"'],
    ["https://user:/secret@gitlab.example.com", '"https://…@gitlab.example.com"'],
    ["https:user:secret@gitlab.example.com", '"https:…@gitlab.example.com"'],
    ["user:secret@gitlab.example.com", '"user:…@gitlab.example.com"'],
    ["glrt-secret0123456789", '"…"'],
    ["acme-glrt-secret0123456789", '"acme-…"'],
    ["https://user:se cret@gitlab.example.com", '"https://…@gitlab.example.com"'],
    ["1user:secret@gitlab.example.com", '"1user:…@gitlab.example.com"'],
    ["https://gitlab.example.com/?private_token=secret", '"https://gitlab.example.com/?…"'],
    ["glwt-secret0123456789", '"…"'],
  ])("redacts the secret in %s", (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });

  it.each([["host:5000/image@sha256:0"], ["gitlab.example.com"], ["a@b"]])(
    "does not redact %s",
    (value) => {
      expect(showValue(value)).toBe(JSON.stringify(value));
    },
  );

  it("describes a value that JSON cannot represent", () => {
    const circular: unknown[] = [];
    circular.push(circular);
    expect([5n, circular, undefined].map(showValue)).toEqual([
      "5n",
      "a value of type object",
      "nothing",
    ]);
  });

  it("truncates a long value", () => {
    expect(showValue("x".repeat(200))).toHaveLength(81);
  });
});
