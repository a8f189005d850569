import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { bundleEntrypoint } from "../../stack/bundle-entrypoint";
import { readFacts } from "../../dev/facts";

const PROJECT = resolve(__dirname, "../..");

/** Debian's client, which supports BuildKit without a plugin. */
const DOCKER = "/usr/bin/docker";

describe.each([
  ["the classic builder", "0"],
  ["BuildKit", "1"],
])("the image built with %s", (_, buildkit) => {
  it("adds only the node binary, the bundle and the entrypoint to its base image", async () => {
    const { images, dockerHost } = await readFacts();
    const env = { DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: buildkit };
    bundleEntrypoint(PROJECT, "runner-image/src/main.ts", "runner-image/dist/main.js");
    const folder = await mkdtemp(join(tmpdir(), "image-build-"));
    const idFile = join(folder, "id");
    try {
      await execa(
        DOCKER,
        [
          ...["build", "--iidfile", idFile],
          ...["--build-arg", `BASE_IMAGE=${images.base}`],
          ...["--build-arg", `NODE_IMAGE=${images.node}`],
          join(PROJECT, "runner-image"),
        ],
        { env },
      );
      const { stdout: id } = await execa("cat", [idFile]);
      const files = await execa(
        DOCKER,
        [
          "run",
          "--rm",
          "--entrypoint",
          "sh",
          id,
          "-c",
          "ls /usr/local/lib/gitlab-runner-pool; node --version",
        ],
        { env },
      );
      const scripts = (await readdir(join(PROJECT, "runner-image"))).filter((name) =>
        name.endsWith(".sh"),
      );
      const lines = files.stdout.split("\n");
      expect(lines.slice(0, -1)).toEqual([...scripts, "main.js"].sort());
      expect(lines.at(-1)).toMatch(/^v\d+\.\d+\.\d+$/);
      const layers = async (image: string): Promise<number> =>
        (
          JSON.parse((await execa(DOCKER, ["image", "inspect", image], { env })).stdout) as [
            { RootFS: { Layers: string[] } },
          ]
        )[0].RootFS.Layers.length;
      expect((await layers(id)) - (await layers(images.base))).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
