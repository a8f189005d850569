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
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { bundleEntrypoint } from "../../../../stack/bundle-entrypoint";
import { hashContent, digestFiles } from "../../../../components/image/content-hash";
import { buildImageName } from "../../../../components/image/image-name";
import { RunnerImage } from "../../../../components/image/runner-image";
import type { RunnerImageArgs } from "../../../../components/image/runner-image-args";
import { declare, inputsOf } from "../../../support/mocks";

const REGISTRY = { host: "127.0.0.1:5000", path: "", plainHttp: true };

let folder = "";
const origin = process.cwd();

/** Writes a build context with three files and a source file. */
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

describe("hashContent", () => {
  const hash = (inputs: Record<string, string> = { A: "1", B: "2" }) =>
    hashContent("image", inputs);

  it("ignores the order of files and inputs, timestamps, and the folder's location", () => {
    const before = hash();
    expect(before).toMatch(/^[0-9a-f]{12}$/);
    utimesSync("image/Dockerfile", 1, 1);
    chmodSync("image/Dockerfile", 0o600);
    expect(hash({ B: "2", A: "1" })).toBe(before);
    const other = mkdtempSync(join(tmpdir(), "elsewhere-"));
    writeContext(other, ["src/main.ts", "entrypoint.sh", "Dockerfile"]);
    expect(hashContent(other, { A: "1", B: "2" })).toBe(before);
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
  ])("depends on %s", (_what, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  it.each<[string, () => void]>([
    [
      "modes, which depend on the system",
      () => {
        chmodSync("image/entrypoint.sh", 0o777);
        chmodSync("image/Dockerfile", 0o777);
      },
    ],
    [
      "line endings",
      () => {
        writeFileSync("image/Dockerfile", "// content of Dockerfile\r\n");
      },
    ],
    [
      "files that editors leave behind",
      () => {
        for (const name of [
          ".entrypoint.sh.swp",
          "entrypoint.sh~",
          "Dockerfile.orig",
          ".DS_Store",
        ]) {
          writeFileSync(join("image", name), "stray");
        }
      },
    ],
  ])("ignores %s", (_what, change) => {
    const before = hash();
    change();
    expect(hash()).toBe(before);
  });

  it("covers only the exceptions in a .dockerignore that excludes everything else", () => {
    writeFileSync(
      "image/.dockerignore",
      "# why\r\n*\r\n!Dockerfile\r\n!entrypoint.sh\r\n!dist/main.js\r\n",
    );
    const before = hash();
    expect(Object.keys(digestFiles("image"))).toEqual(["Dockerfile", "entrypoint.sh"]);
    writeFileSync("image/notes.txt", "stray");
    mkdirSync("image/dist");
    writeFileSync("image/dist/old.js", "stray");
    expect(hash()).toBe(before);
    writeFileSync("image/dist/main.js", "copied");
    expect(hash()).not.toBe(before);
  });

  it("depends on the inputs", () => {
    expect(hash({ A: "1", B: "3" })).not.toBe(hash());
  });

  it("ignores the sources, which are in the bundle", () => {
    const before = hash();
    writeFileSync("image/src/main.ts", "// a comment\n");
    expect(hash()).toBe(before);
  });
});

describe("buildImageName", () => {
  it.each([
    ["gitlab/gitlab-runner:v19.4.0", "", "127.0.0.1:5000/gitlab-runner-pool:v19.4.0-abc"],
    ["a.b:5000/c", "ci/x", "127.0.0.1:5000/ci/x/gitlab-runner-pool:latest-abc"],
    [`a:v1@sha256:${"0".repeat(64)}`, "", "127.0.0.1:5000/gitlab-runner-pool:v1-abc"],
  ])("for base image %s and path %j returns %s", (base, path, name) => {
    expect(buildImageName({ ...REGISTRY, path }, base, "abc")).toBe(name);
  });
});

function bundle(): void {
  bundleEntrypoint(process.cwd(), "image/src/main.ts", "image/dist/main.js");
}

describe("bundleEntrypoint", () => {
  it("writes one self-contained file that is the same on every machine", () => {
    bundle();
    const text = readFileSync("image/dist/main.js", "utf8");
    expect(text).toContain("hello");
    expect(text).not.toContain(folder);
    expect(text).not.toMatch(/require\("\.\//);
  });

  it("writes the file only if it changes", () => {
    bundle();
    utimesSync("image/dist/main.js", 1, 1);
    bundle();
    expect(statSync("image/dist/main.js").mtimeMs).toBe(1000);
    writeFileSync("image/src/say.ts", "export const say = () => undefined;\n");
    bundle();
    expect(statSync("image/dist/main.js").mtimeMs).toBeGreaterThan(1000);
  });

  it("removes comments", () => {
    bundle();
    const before = readFileSync("image/dist/main.js", "utf8");
    writeFileSync("image/src/say.ts", `// why\n${readFileSync("image/src/say.ts", "utf8")}`);
    bundle();
    expect(readFileSync("image/dist/main.js", "utf8")).toBe(before);
  });
});

describe("RunnerImage", () => {
  const ARGS: RunnerImageArgs = {
    registry: "127.0.0.1:5000",
    context: "image",
    baseImage: "gitlab/gitlab-runner:v19.4.0",
    nodeImage: "node:24",
  };
  beforeEach(bundle);

  const declareImage = (args: Partial<RunnerImageArgs> = {}) =>
    declare(() => ({ image: new RunnerImage("img", { ...ARGS, ...args }).reference }), {
      preview: true,
      // The default provider has the login.
      config: { "docker:registryAuth": '[{ "address": "http://127.0.0.1:5000" }]' },
    });

  it("declares a build and a push, and keeps old images for draining replicas", async () => {
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

  it("changes the image's name with the base image, and keeps it for the same inputs", async () => {
    const name = async (args: Partial<RunnerImageArgs>) =>
      inputsOf(await declareImage(args), "docker:index/remoteImage:RemoteImage::img-build")["name"];
    expect(await name({})).toBe(await name({}));
    expect(await name({ nodeImage: "node:22" })).not.toBe(await name({}));
  });

  it("names the missing files", async () => {
    rmSync("image/Dockerfile");
    rmSync("image/dist/main.js");
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
      "Error: the runner image cannot be built: image/Dockerfile and image/dist/main.js are missing. The package contains both files; in a checkout, run `npm run prepack` to build dist/main.js",
    );
  });
});

describe("a script with Windows line endings", () => {
  beforeEach(bundle);

  const messageOf = async (): Promise<string> => {
    let message = "";
    await declare(
      () => {
        try {
          new RunnerImage("img", {
            registry: "127.0.0.1:5000",
            context: "image",
            baseImage: "a:1",
            nodeImage: "node:24",
          });
        } catch (error) {
          message = String(error);
        }
        return {};
      },
      // An update would contact this machine's engine and registry. A unit test must not.
      { preview: true },
    );
    return message;
  };

  it("is rejected before the build, but a Dockerfile with Windows line endings is accepted", async () => {
    writeFileSync("image/Dockerfile", "FROM scratch\r\n");
    writeFileSync("image/src/say.ts", "export const say = (text: string) => text;\r\n");
    expect(await messageOf()).toBe("");
    writeFileSync("image/entrypoint.sh", "#!/bin/sh\r\nexit 0\r\n");
    expect(await messageOf()).toContain(
      "Error: the runner image cannot be built: image/entrypoint.sh has Windows line endings, which a shell in the image cannot run.",
    );
  });
});
