import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { Command } from "commander";
import { GitlabClient } from "../gitlab/client";
import { runCommand, TOOL_EXIT, type Io } from "../io";
import { renderMarkdown } from "./markdown";
import { noteMarker, postNote } from "./note";
import { parsePreview, type Preview } from "./preview";
import { redact } from "./redact";
import { runPreview, type PreviewResult } from "./run-preview";
import { stackChanges } from "./stack-changes";

interface Options {
  readonly stack?: string;
  readonly post: boolean;
}

/** `npm run diff`: what a change does to the pools of a stack, in plain words. @returns the exit code */
export async function runDiff(args: readonly string[], io: Io): Promise<number> {
  let exitCode: number = TOOL_EXIT.ok;
  const command = new Command("diff")
    .description(
      "Turns `pulumi preview --json` into a short Markdown comment. In a merge request pipeline it posts the comment as a note, or updates the one that is there.",
    )
    .argument("[file]", "a preview in JSON, `-` for standard input; without it the preview is run")
    .option("-s, --stack <name>", "stack to preview; the selected one by default")
    .option("--no-post", "print only")
    .action(async (file: string | undefined, options: Options) => {
      exitCode = await diff(file, options, io);
    });
  return runCommand(command, args, io, () => exitCode);
}

async function diff(file: string | undefined, options: Options, io: Io): Promise<number> {
  const { preview, succeeded } = await getPreview(file, options, io);
  const stack = options.stack ?? stackOf(preview) ?? io.env["PULUMI_STACK"] ?? "unknown";
  // The steps of a failed preview are only those that came before the error.
  const changes = stackChanges(succeeded ? preview : { ...preview, steps: [] });
  const context = { stack, diagnostics: preview.diagnostics, succeeded };
  const text = redact(renderMarkdown(changes, context), io.env);
  io.out.write(text);
  if (options.post) await postInPipeline(stack, text, io);
  return succeeded ? TOOL_EXIT.ok : TOOL_EXIT.found;
}

async function getPreview(
  file: string | undefined,
  { stack }: Options,
  io: Io,
): Promise<PreviewResult> {
  if (file === undefined) {
    if (io.err.isTTY === true) io.err.write("running `pulumi preview` …\n");
    return runPreview(stack, io.env);
  }
  const preview = parsePreview(
    file === "-" ? await readAll(io.stdin) : await readFile(file, "utf8"),
  );
  return { preview, succeeded: preview.diagnostics.every(({ severity }) => severity !== "error") };
}

/** The stack's name stands in every URN: `urn:pulumi:STACK::PROJECT::…`. */
function stackOf({ steps }: Preview): string | undefined {
  return /^urn:pulumi:(.+?)::/.exec(steps[0]?.urn ?? "")?.[1];
}

/** Posts the note where GitLab's variables say that this is a merge request's pipeline. */
async function postInPipeline(stack: string, text: string, { env, err }: Io): Promise<void> {
  const { CI_API_V4_URL: apiUrl, CI_PROJECT_ID: project, CI_MERGE_REQUEST_IID: iid } = env;
  if (!apiUrl || !project || !iid) return;
  const token = env["GITLAB_TOKEN"];
  if (!token) {
    err.write(
      "no note posted: GITLAB_TOKEN is not set. A job's own token cannot write notes; it takes a project access token with the scope api and the role Reporter, as a masked variable.\n",
    );
    return;
  }
  const client = new GitlabClient({ apiUrl, token });
  const posted = await postNote(client, { project, iid }, noteMarker(stack), text);
  err.write(`note on merge request !${iid}: ${posted}\n`);
}
