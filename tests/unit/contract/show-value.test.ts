import { describe, expect, it } from "@jest/globals";
import { redactMessage, showText, showValue } from "../../../contract/show-value";

describe("showValue", () => {
  it.each([
    ["https://user:secret@gitlab.example.com", '"https://[secret]@gitlab.example.com"'],
    ["https://user:/secret@gitlab.example.com", '"https://[secret]@gitlab.example.com"'],
    ["https:user:secret@gitlab.example.com", '"https:[secret]@gitlab.example.com"'],
    ["user:secret@gitlab.example.com", '"user:[secret]@gitlab.example.com"'],
    ["glrt-secret0123456789", '"[secret]"'],
    ["acme-glrt-secret0123456789", '"[secret]"'],
    ["https://user:se cret@gitlab.example.com", '"https://[secret]@gitlab.example.com"'],
    ["1user:secret@gitlab.example.com", '"1user:[secret]@gitlab.example.com"'],
    ["https://gitlab.example.com/?private_token=secret", '"https://gitlab.example.com/?[secret]"'],
    ["glwt-secret0123456789", '"[secret]"'],
    ["tcp://user:secret@host:2376", '"tcp://[secret]@host:2376"'],
    ["secret@s3.example.com", '"[secret]@s3.example.com"'],
    ["https://user:sec?ret@gitlab.example.com", '"https://[secret]@gitlab.example.com"'],
    ["-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIE\n", '"[secret]"'],
    ["AKIA1234567890ABCDEF", '"[secret]"'],
    ["a=1,DB_PASSWORD=secret", '"a=1,DB_PASSWORD=[secret]"'],
    ['{"A":"1","TOKEN":"secret"}', '{"A":"1","TOKEN":"[secret]"}'],
  ])("redacts the secret in %s", (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });

  it.each([["host:5000/image@sha256:0"], ["gitlab.example.com"], ["/run/user@1000/a"]])(
    "does not redact %s",
    (value) => {
      expect(showValue(value)).toBe(JSON.stringify(value));
    },
  );

  it("redacts the values of names such as PASSWORD in an object", () => {
    expect(showValue([{ name: "db", PASSWORD: "secret" }])).toBe(
      '[{"name":"db","PASSWORD":"[secret]"}]',
    );
    expect(showText('{"PASSWORD":"secret"}')).toBe('{"PASSWORD":"[secret]"}');
  });

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

describe("redactMessage", () => {
  it("redacts values in quotes, and keeps the rule around them", () => {
    expect(
      redactMessage(
        'must be one PEM key (-----BEGIN PRIVATE KEY-----); "a:b@c" is not: PASSWORD: x',
      ),
    ).toBe('must be one PEM key (-----BEGIN PRIVATE KEY-----); "a:[secret]@c" is not: PASSWORD: x');
  });

  it("redacts a URL with a password outside of quotes", () => {
    expect(redactMessage("at https://a:b@c/d or ssh://me@host")).toBe(
      "at https://[secret]@c/d or ssh://me@host",
    );
  });

  it("takes little time for a long value", () => {
    const startMs = Date.now();
    for (const part of ["a", "a-", "a:", "eyJ", "-----BEGIN PRIVATE KEY-----", "gl-", "https:/"]) {
      showText(part.repeat(8_000));
    }
    expect(Date.now() - startMs).toBeLessThan(2_000);
  });
});
