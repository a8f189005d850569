import { describe, expect, it } from "@jest/globals";
import { nest, setAt } from "../../../../contract/settings/nested";

describe("nested settings", () => {
  it("are built from flat keys of any depth, without undefined values", () => {
    const flat = {
      a: 1,
      "docker.image": "x",
      "cache.s3.bucketName": "b",
      "cache.shared": true,
      "cache.gcs.bucketName": undefined,
    };
    expect(nest(flat)).toEqual({
      a: 1,
      docker: { image: "x" },
      cache: { s3: { bucketName: "b" }, shared: true },
    });
  });

  it("keep sibling values when one value is set", () => {
    const object = { docker: { image: "x" } };
    setAt(object, ["docker", "host", "url"], "u");
    expect(object).toEqual({ docker: { image: "x", host: { url: "u" } } });
  });
});
