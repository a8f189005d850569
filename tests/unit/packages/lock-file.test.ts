import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { minVersion, satisfies, subset } from "semver";

/** A package's entry in the lock file. */
interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
}

const readJson = (file: string): unknown =>
  JSON.parse(readFileSync(`${__dirname}/../../../${file}`, "utf8"));

const { engines } = readJson("package.json") as { engines: { node: string } };
const locked = Object.entries(
  (readJson("package-lock.json") as { packages: Record<string, LockedPackage> }).packages,
);

describe("the Node.js versions that package.json names", () => {
  test("are supported by every package in the lock file, so npm prints no warning", () => {
    const narrower = locked
      .filter(([, { engines: theirs }]) => !subset(engines.node, theirs?.node ?? "*"))
      .map(([path, { version, engines: theirs }]) => `${path}@${version}: ${theirs?.node}`);
    expect(narrower).toEqual([]);
  });

  test("start at the version in README and include the Node.js version of the runner image", () => {
    const readme = readFileSync(`${__dirname}/../../../README.md`, "utf8");
    const floor = minVersion(engines.node)?.version.replace(/\.0$/, "") ?? "";
    expect(readme).toContain(`Node.js ${floor}+`);
    const image = /node:(\d+\.\d+\.\d+)/.exec(
      readFileSync(`${__dirname}/../../../Pulumi.yaml`, "utf8"),
    );
    expect(satisfies(image?.[1] ?? "", engines.node)).toBe(true);
  });
});

test("no production package needs its install script", () => {
  const scripts = locked
    .filter(([, { dev, hasInstallScript }]) => hasInstallScript === true && dev !== true)
    .map(([path]) => path.replace(/^.*node_modules\//, ""));
  expect(scripts).toEqual([
    // It only prints a warning about version ranges.
    "protobufjs",
  ]);
});
