import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { Command } from "commander";
import { GitlabClient } from "../gitlab/client";
import { connect } from "../gitlab/connect";
import { isSameGitlab } from "../gitlab/token-scope";
import { plainIo, runCommand, TOOL_EXIT, type Io } from "../io";
import { renderMarkdown } from "./markdown";
import { noteMarker, postNote } from "./note";
import { parsePreview, type Preview, type ResourceState } from "./preview";
import { redact, redactValues } from "./redact";
import { runPreview, type PreviewResult } from "./run-preview";
import { stackChanges } from "./stack-changes";

const HELP = `
Environment:
  GITLAB_TOKEN     project access token with the \`api\` scope and the role Reporter,
                   to post the note
  GITLAB_BASE_URL  GitLab instance that GITLAB_TOKEN belongs to, if it is not the
                   pipeline's own

Exit codes:
  0  the preview succeeded
  1  the preview failed; the note says so
  2  the command failed`;

interface Options {
  readonly stack?: string;
  readonly post: boolean;
}

/**
 * Runs `npm run diff`: describes in plain words what a change does to the pools of a stack.
 * @returns the exit code
 */
export function runDiff(args: readonly string[], io: Io): Promise<number> {
  return runCommand(args, io, (exitWith) =>
    new Command("npm run diff --")
      .description(
        "Summarize a Pulumi preview in Markdown: what changes in each pool, and which replicas restart. In a merge request pipeline, post the summary as a note or update the existing note.",
      )
      .argument(
        "[file]",
        "output of `pulumi preview --json`, or `-` for standard input (default: run the preview)",
      )
      .option("-s, --stack <name>", "stack to preview (default: the selected stack)")
      .option("--no-post", "print the summary without posting it")
      .addHelpText("after", HELP)
      .action((file: string | undefined, options: Options) =>
        exitWith(diff(file, options, plainIo(io))),
      ),
  );
}

async function diff(file: string | undefined, options: Options, io: Io): Promise<number> {
  const { preview: raw, succeeded } = await getPreview(file, options, io);
  // Redacts before anything is shortened or joined into one line, because half of a password would
  // no longer be found.
  const preview = redactPreview(raw, io.env);
  const stack = options.stack ?? readStackName(preview) ?? io.env["PULUMI_STACK"] ?? "unknown";
  // A failed preview contains only the steps before the error.
  const changes = stackChanges(succeeded ? preview : { ...preview, steps: [] });
  const context = { stack, diagnostics: preview.diagnostics, succeeded };
  const text = redact(renderMarkdown(changes, context), io.env);
  io.out.write(text);
  if (options.post) await postInPipeline(stack, text, io);
  return succeeded ? TOOL_EXIT.ok : TOOL_EXIT.problems;
}

/** Removes secrets from the values and messages of a preview. The names of resources stay. */
function redactPreview(preview: Preview, env: Io["env"]): Preview {
  const clean = (state: ResourceState | undefined) =>
    state === undefined
      ? undefined
      : {
          ...state,
          inputs: redactValues(state.inputs, env) as ResourceState["inputs"],
          outputs: redactValues(state.outputs, env) as ResourceState["outputs"],
        };
  return {
    ...preview,
    steps: preview.steps.map((step) => ({
      ...step,
      oldState: clean(step.oldState),
      newState: clean(step.newState),
    })),
    diagnostics: preview.diagnostics.map(({ severity, message }) => ({
      severity,
      message: redact(message, env),
    })),
  };
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

/** Reads the stack's name from a URN: `urn:pulumi:STACK::PROJECT::…`. */
function readStackName({ steps }: Preview): string | undefined {
  return /^urn:pulumi:(.+?)::/.exec(steps[0]?.urn ?? "")?.[1];
}

/** Posts the note if GitLab's variables identify a merge request pipeline. */
async function postInPipeline(stack: string, text: string, { env, err }: Io): Promise<void> {
  const { CI_API_V4_URL: apiUrl, CI_PROJECT_ID: project, CI_MERGE_REQUEST_IID: iid } = env;
  if (!apiUrl || !project || !iid) return;
  const token = env["GITLAB_TOKEN"];
  if (!token) {
    err.write(
      "no note posted: GITLAB_TOKEN is not set. A job's own token cannot write notes: set GITLAB_TOKEN to a project access token with the scope `api` and the role Reporter, in a masked variable.\n",
    );
    return;
  }
  const home = env["GITLAB_BASE_URL"]?.trim() ?? "";
  if (home !== "" && !isSameGitlab(home, apiUrl)) {
    err.write(
      `no note posted: GITLAB_TOKEN belongs to ${home} (GITLAB_BASE_URL) and will not be sent to ${apiUrl}.\n`,
    );
    return;
  }
  const client = new GitlabClient({ apiUrl, token, transport: connect(env) });
  const posted = await postNote(client, { project, iid }, noteMarker(stack), text);
  err.write(`note on merge request !${iid}: ${posted}\n`);
}
