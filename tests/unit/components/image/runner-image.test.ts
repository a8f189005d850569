import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { bundleEntrypoint } from "../../../../components/image/bundle-entrypoint";
import { contentHash } from "../../../../components/image/content-hash";
import { imageName } from "../../../../components/image/image-name";
import { RunnerImage, type RunnerImageArgs } from "../../../../components/image/runner-image";
import { declare, inputsOf } from "../../../support/mocks";

const REGISTRY = { host: "127.0.0.1:5000", path: "", plainHttp: true };

let folder = "";
const origin = process.cwd();

/** Writes a build context of three files and a source. */
function writeContext(root: string, names = ["Dockerfile", "entrypoint.sh", "src/main.ts"]): void {
  mkdirSync(join(root, "src"), { recursive: true });
  for (const name of names) writeFileSync(join(root, name), `// content of ${name}\n`);
  writeFileSync(join(root, "src/main.ts"), 'import { say } from "./say";\nsay("hello");\n');
  writeFileSync(
    join(root, "src/say.ts"),
    "export const say = (text: string) => console.log(text);\n",
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "image-"));
  writeContext(join(folder, "image"));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(origin);
  rmSync(folder, { recursive: true });
});

describe("contentHash", () => {
  const hash = (inputs: Record<string, string> = { A: "1", B: "2" }) =>
    contentHash("image", inputs);

  it("does not depend on the order of files and inputs, time stamps, and the folder's place", () => {
    const before = hash();
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    utimesSync("image/Dockerfile", 1, 1);
    chmodSync("image/Dockerfile", 0o600);
    expect(hash({ B: "2", A: "1" })).toBe(before);
    const other = mkdtempSync(join(tmpdir(), "elsewhere-"));
    writeContext(other, ["src/main.ts", "entrypoint.sh", "Dockerfile"]);
    expect(contentHash(other, { A: "1", B: "2" })).toBe(before);
    rmSync(other, { recursive: true });
  });

  it.each<[string, () => void]>([
    [
      "a file's content",
      () => {
        writeFileSync("image/Dockerfile", "FROM scratch\n");
      },
    ],
    [
      "a new file",
      () => {
        writeFileSync("image/more", "");
      },
    ],
    [
      "a removed file",
      () => {
        rmSync("image/entrypoint.sh");
      },
    ],
    [
      "whether a file can be executed",
      () => {
        chmodSync("image/entrypoint.sh", 0o755);
      },
    ],
  ])("depends on %s", (_what, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  it("depends on the inputs", () => {
    expect(hash({ A: "1", B: "3" })).not.toBe(hash());
  });

  it("leaves out the sources, of which the bundle is made", () => {
    const before = hash();
    writeFileSync("image/src/main.ts", "// a comment\n");
    expect(hash()).toBe(before);
  });
});

describe("imageName", () => {
  it.each([
    ["gitlab/gitlab-runner:v19.4.0", "", "127.0.0.1:5000/gitlab-runner-pool:v19.4.0-abc"],
    ["a.b:5000/c", "ci/x", "127.0.0.1:5000/ci/x/gitlab-runner-pool:latest-abc"],
    [`a:v1@sha256:${"0".repeat(64)}`, "", "127.0.0.1:5000/gitlab-runner-pool:v1-abc"],
  ])("of %s in %j is %s", (base, path, name) => {
    expect(imageName({ ...REGISTRY, path }, base, "abc")).toBe(name);
  });
});

describe("bundleEntrypoint", () => {
  const bundle = (): void => {
    bundleEntrypoint(process.cwd(), "image/src/main.ts", "image/dist/main.js");
  };

  it("gives one file that runs by itself, the same wherever it is made", () => {
    bundle();
    const text = readFileSync("image/dist/main.js", "utf8");
    expect(text).toContain("hello");
    expect(text).not.toContain(folder);
    expect(text).not.toMatch(/require\("\.\//);
  });

  it("is written only if it changes", () => {
    bundle();
    utimesSync("image/dist/main.js", 1, 1);
    bundle();
    expect(statSync("image/dist/main.js").mtimeMs).toBe(1000);
    writeFileSync("image/src/say.ts", "export const say = () => undefined;\n");
    bundle();
    expect(statSync("image/dist/main.js").mtimeMs).toBeGreaterThan(1000);
  });

  it("leaves a comment in the sources out", () => {
    bundle();
    const before = readFileSync("image/dist/main.js", "utf8");
    writeFileSync("image/src/say.ts", `// why\n${readFileSync("image/src/say.ts", "utf8")}`);
    bundle();
    expect(readFileSync("image/dist/main.js", "utf8")).toBe(before);
  });
});

describe("RunnerImage", () => {
  const ARGS: RunnerImageArgs = {
    registry: REGISTRY,
    context: "image",
    entrypoint: "src/main.ts",
    bundle: "dist/main.js",
    baseImage: "gitlab/gitlab-runner:v19.4.0",
    nodeImage: "node:24",
  };
  const declareImage = (args: Partial<RunnerImageArgs> = {}) =>
    declare(() => ({ image: new RunnerImage("img", { ...ARGS, ...args }).reference }), {
      preview: true,
    });

  it("declares a build and a push, and keeps both images for replicas that still drain", async () => {
    const declared = await declareImage();
    expect(declared.map(({ what }) => what)).toEqual([
      "docker:index/registryImage:RegistryImage::img-push",
      "docker:index/remoteImage:RemoteImage::img-build",
      "gitlab-runner-pool:index:RunnerImage::img",
    ]);
    const { triggers, ...build } = inputsOf(
      declared,
      "docker:index/remoteImage:RemoteImage::img-build",
    );
    expect(build).toEqual({
      name: expect.stringMatching(/^127\.0\.0\.1:5000\/gitlab-runner-pool:v19\.4\.0-[0-9a-f]{12}$/),
      build: {
        context: "image",
        dockerfile: "Dockerfile",
        buildArgs: { BASE_IMAGE: "gitlab/gitlab-runner:v19.4.0", NODE_IMAGE: "node:24" },
      },
      keepLocally: true,
    });
    expect(Object.keys(triggers as object)).toEqual([
      "Dockerfile",
      "dist/main.js",
      "entrypoint.sh",
    ]);
    expect(inputsOf(declared, "docker:index/registryImage:RegistryImage::img-push")).toEqual({
      name: build["name"],
      keepRemotely: true,
      insecureSkipVerify: true,
    });
  });

  it("has another name for another base image, and the same for the same inputs", async () => {
    const name = async (args: Partial<RunnerImageArgs>) =>
      inputsOf(await declareImage(args), "docker:index/remoteImage:RemoteImage::img-build")["name"];
    expect(await name({})).toBe(await name({}));
    expect(await name({ nodeImage: "node:22" })).not.toBe(await name({}));
  });

  it("says which file is missing", async () => {
    rmSync("image/Dockerfile");
    rmSync("image/src/main.ts");
    let message = "";
    await declare(() => {
      try {
        new RunnerImage("img", ARGS);
      } catch (error) {
        message = String(error);
      }
      return {};
    });
    expect(message).toBe(
      "Error: the runner image cannot be built: image/Dockerfile and image/src/main.ts is missing",
    );
  });
});

describe("the Dockerfile of the project", () => {
  it("has the defaults of the settings", () => {
    const text = readFileSync(resolve(__dirname, "../../../../runner-image/Dockerfile"), "utf8");
    expect(text).toContain("ARG BASE_IMAGE=gitlab/gitlab-runner:v19.4.0\n");
    expect(text).toContain("ARG NODE_IMAGE=node:24.21.0-bookworm-slim\n");
  });
});
