import { createReadStream } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, normalize, resolve } from "node:path";
import execa from "execa";
import { pathsFor } from "../../dev/rooms/rooms";

const PROJECT = resolve(__dirname, "../..");

/** The files of this project that its pipeline needs. */
const FILES = [
  ...pathsFor("bin", "stack", "tools"),
  ".gitignore",
  "Pulumi.yaml",
  "package-lock.json",
  "package.json",
  "runner-image",
  "sdks",
  "tsconfig.json",
];

const AUTHOR = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];

/**
 * A Git repository that jobs fetch over HTTP; by default a copy of this project. It is at the root
 * of the server and below every path that ends with `.git`.
 */
export class GitServer implements AsyncDisposable {
  /** Requests, such as `GET /ci/demo.git/HEAD`. */
  readonly requests: string[] = [];

  private constructor(
    /** Working tree. */
    readonly folder: string,
    private readonly server: Server,
    private readonly scheme: "http" | "https",
  ) {}

  /**
   * @param files files of this project to add
   * @param tls certificate and key (PEM) for HTTPS
   */
  static async start(
    files: readonly string[] = FILES,
    tls?: { readonly cert: string; readonly key: string },
  ): Promise<GitServer> {
    const folder = await mkdtemp(join(tmpdir(), "git-server-"));
    for (const file of files) {
      await cp(join(PROJECT, file), join(folder, file), { recursive: true });
    }
    const answer: RequestListener = (request, response) => {
      const path = normalize(decodeURIComponent(request.url ?? "/").replace(/\?.*$/, ""));
      git.requests.push(`${request.method ?? ""} ${path}`);
      createReadStream(join(folder, ".git", path.replace(/^\/.*?\.git(?=\/)/, "")))
        .on("error", () => response.writeHead(404).end())
        .pipe(response);
    };
    const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
    const git = new GitServer(folder, server, tls === undefined ? "http" : "https");
    // Also all IPv4 addresses.
    await new Promise<void>((done) => server.listen(0, "::", done));
    await git.run("init", "--quiet");
    return git;
  }

  /** @param host the name or address of this machine for jobs, as in a URL */
  urlOn(host: string): string {
    return `${this.scheme}://${host}:${(this.server.address() as AddressInfo).port}/`;
  }

  /**
   * Commits everything on a new or existing branch.
   * @returns the commit's hash
   */
  async commit(message: string, branch: string): Promise<string> {
    await this.run("checkout", "--quiet", "-B", branch);
    await this.run("add", "--all");
    await this.run(...AUTHOR, "commit", "--quiet", "--message", message);
    await this.publish();
    return this.run("rev-parse", "HEAD");
  }

  /** Points another branch to the newest commit. */
  async fastForward(branch: string): Promise<void> {
    await this.run("branch", "--force", branch);
    await this.publish();
  }

  /** Writes the lists that clients need, because a plain HTTP server cannot generate them. */
  private async publish(): Promise<void> {
    await this.run("repack", "-adq");
    await this.run("update-server-info");
  }

  private async run(...args: readonly string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.folder })).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await rm(this.folder, { recursive: true });
  }
}
