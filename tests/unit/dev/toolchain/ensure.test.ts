import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import execa from "execa";
import { Commands } from "../../../../dev/commands";
import { ensureTool, type InstalledTool } from "../../../../dev/toolchain/ensure";
import { pluginTool, type Tool } from "../../../../dev/toolchain/tools";
import { readVersions } from "../../../../dev/toolchain/versions";
import { startDownloadHost } from "../../../support/download-host";

jest.setTimeout(30_000);

const PROJECT = resolve(__dirname, "../../../..");
const PROGRAM = "pulumi-resource-docker";

/**
 * Behaves like the official docker plugin: it has no `-version` flag and prints its port when it
 * starts.
 */
const OFFICIAL = `#!/bin/sh
case "$1" in -*) echo "flag provided but not defined: $1" >&2; echo "Usage of $0:" >&2; exit 2 ;; esac
echo 40123
exec sleep 600
`;

const BROKEN = "#!/bin/sh\necho 'version GLIBC_2.99 not found' >&2\nexit 1\n";

function folder(): string {
  return mkdtempSync(join(tmpdir(), "toolchain-"));
}

/** A folder for PATH that has what a download needs, but not Go. */
function pathWithoutGo(): string {
  const bin = folder();
  for (const name of ["tar", "gzip", "sh", "sleep", "flock", "cat"]) {
    symlinkSync(execa.sync("which", [name]).stdout, join(bin, name));
  }
  return bin;
}

async function archive(text: string, name = PROGRAM): Promise<Buffer> {
  const from = folder();
  writeFileSync(join(from, name), text, { mode: 0o755 });
  const { stdout } = await execa("tar", ["--create", "--gzip", "-C", from, name], {
    ...{ encoding: null, stripFinalNewline: false },
  });
  return stdout;
}

interface Bench {
  readonly tool: Tool;
  readonly log: string;
  readonly ensure: (tool?: Tool) => Promise<InstalledTool>;
}

/**
 * The docker plugin that the platform needs, with its download on the given host and without Go to
 * build it.
 */
async function bench(url: string, installed?: string): Promise<Bench> {
  const tool = pluginTool("docker", await readVersions(PROJECT), "x64");
  const moved: Tool = {
    ...tool,
    downloads: tool.downloads.map((file) => ({ ...file, url: `${url}/docker.tar.gz` })),
  };
  const [home, cache, bin] = [folder(), folder(), pathWithoutGo()];
  if (installed !== undefined) {
    const place = join(home, "plugins", `resource-docker-v${tool.version}`);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, PROGRAM), installed, { mode: 0o755 });
  }
  const log = join(folder(), "log");
  const commands = new Commands(log);
  const env = { PATH: bin, PULUMI_HOME: home };
  const goModules = join(PROJECT, "dev/toolchain");
  return {
    ...{ tool: moved, log },
    async ensure(wanted = moved) {
      const before = process.env["PATH"];
      process.env["PATH"] = bin;
      try {
        return await ensureTool(
          { commands, goModules, cache, arch: "x64", env },
          wanted,
          (version) => version.includes(tool.version),
          () => undefined,
        );
      } finally {
        process.env["PATH"] = before;
      }
    },
  };
}

describe("the official docker plugin, which has no -version flag", () => {
  it("uses the plugin installed in PULUMI_HOME", async () => {
    const { ensure, tool } = await bench("http://127.0.0.1:1", OFFICIAL);
    const { origin, version, folder: place } = await ensure();
    expect({ origin, version }).toEqual({ origin: "found", version: tool.version });
    expect(place).toContain(`resource-docker-v${tool.version}`);
  });

  it("downloads the plugin once", async () => {
    await using host = await startDownloadHost({ "/docker.tar.gz": await archive(OFFICIAL) });
    const { ensure } = await bench(host.url);
    const { origin, folder: place } = await ensure();
    expect(origin).toBe("downloaded");
    expect(readFileSync(join(place, PROGRAM), "utf8")).toBe(OFFICIAL);
    expect((await ensure()).origin).toBe("cached");
    expect(host.asked).toEqual(["/docker.tar.gz"]);
  });

  it("downloads the plugin when the installed one does not run", async () => {
    await using host = await startDownloadHost({ "/docker.tar.gz": await archive(OFFICIAL) });
    const { ensure } = await bench(host.url, BROKEN);
    expect((await ensure()).origin).toBe("downloaded");
  });

  it("accepts a download that has the pinned hash", async () => {
    const file = await archive(OFFICIAL);
    await using host = await startDownloadHost({ "/docker.tar.gz": file });
    const { ensure, tool } = await bench(host.url);
    const sha256 = createHash("sha256").update(file).digest("hex");
    const pinned = { ...tool, downloads: tool.downloads.map((one) => ({ ...one, sha256 })) };
    expect((await ensure(pinned)).origin).toBe("downloaded");
  });
});

describe("the error when no plugin runs and Go is missing names each failed attempt", () => {
  const noGo =
    /\n- Go is not installed, so it cannot be built either: install Go 1\.26 or later \(https:\/\/go\.dev\/doc\/install\) and run this again$/;

  it.each([
    ["the host answers 403", 403, "/docker.tar.gz answered 403"],
    ["the host has no such file", 404, "/docker.tar.gz answered 404"],
    ["the transfer breaks off", "cut", "the transfer of HOST/docker.tar.gz broke off ("],
    [
      "the download is not an archive",
      "text",
      "/docker.tar.gz is not an archive that tar can unpack",
    ],
    ["the archive does not contain the plugin", "other", `/docker.tar.gz lacks ${PROGRAM}`],
    [
      "the download does not run",
      "broken",
      "/docker.tar.gz was downloaded, but does not run: it exited with 1 (version GLIBC_2.99 not found)",
    ],
  ] as const)("%s", async (_, answer, words) => {
    const contents = {
      text: Buffer.from("<html>sign in</html>"),
      other: await archive(OFFICIAL, "LICENSE"),
      broken: await archive(BROKEN),
    };
    const file = typeof answer === "number" || answer === "cut" ? answer : contents[answer];
    await using host = await startDownloadHost({ "/docker.tar.gz": file });
    const { ensure } = await bench(host.url);
    const failure = ensure();
    await expect(failure).rejects.toThrow(words.replace("HOST", host.url));
    await expect(failure).rejects.toThrow(noGo);
    await expect(failure).rejects.toThrow(/^cannot get docker plugin 5\.\d+\.\d+:\n- /);
  });

  it("the host does not answer, and the installed plugin does not run", async () => {
    const { ensure } = await bench("http://127.0.0.1:1", BROKEN);
    const failure = ensure();
    await expect(failure).rejects.toThrow(
      /- the one in \S+ does not run: it exited with 1 \(version GLIBC/,
    );
    await expect(failure).rejects.toThrow(/\n- http:\/\/127\.0\.0\.1:1 does not answer \(.+\)\n/);
  });

  it("the download does not have the pinned hash", async () => {
    await using host = await startDownloadHost({ "/docker.tar.gz": await archive(OFFICIAL) });
    const { ensure, tool } = await bench(host.url);
    const sha256 = "0".repeat(64);
    const pinned = { ...tool, downloads: tool.downloads.map((one) => ({ ...one, sha256 })) };
    await expect(ensure(pinned)).rejects.toThrow(
      /docker\.tar\.gz has the SHA-256 [0-9a-f]{64}, but versions\.json expects 0{64}\n/,
    );
  });
});
