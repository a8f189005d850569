import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { findPackageContext } from "../../../../components/image/package-context";

const PROJECT = resolve(__dirname, "../../../..");
const origin = process.cwd();

let folder = "";

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "program-")));
});

afterEach(() => {
  process.chdir(origin);
  rmSync(folder, { recursive: true });
});

describe("findPackageContext", () => {
  it("finds this package's folder from any current directory", () => {
    process.chdir(folder);
    expect(findPackageContext()).toBe(relative(folder, join(PROJECT, "runner-image")));
    process.chdir(PROJECT);
    expect(findPackageContext()).toBe("runner-image");
  });

  it("returns the same path in two checkouts of a program with the package in node_modules", () => {
    for (const checkout of ["a", "deeper/b"]) {
      const installed = join(folder, checkout, "node_modules/gitlab-runner-pool");
      mkdirSync(join(installed, "runner-image"), { recursive: true });
      mkdirSync(join(installed, "dist"));
      writeFileSync(join(installed, "runner-image/Dockerfile"), "");
      process.chdir(join(folder, checkout));
      expect(findPackageContext(join(installed, "dist"))).toBe(
        "node_modules/gitlab-runner-pool/runner-image",
      );
    }
  });

  it("returns undefined without a folder that has a Dockerfile", () => {
    expect(findPackageContext(folder)).toBeUndefined();
  });
});
