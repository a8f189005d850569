import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "@jest/globals";

const CONTEXT = resolve(__dirname, "../../../../runner-image");

it("the Dockerfile copies exactly the files that .dockerignore includes", () => {
  const dockerfile = readFileSync(join(CONTEXT, "Dockerfile"), "utf8");
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = ""]) =>
    files.split(" "),
  );
  const admitted = [
    ...readFileSync(join(CONTEXT, ".dockerignore"), "utf8").matchAll(/^!(.+)$/gm),
  ].map(([, file = ""]) => file);

  expect(admitted.filter((file) => file !== "Dockerfile").sort()).toEqual(copied.sort());
});
