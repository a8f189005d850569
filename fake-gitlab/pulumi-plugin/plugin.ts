/**
 * A fake of Pulumi's gitlab plugin for machines that cannot download the official one: UserRunner
 * over GitLab's REST API, with the official plugin's property names, variables (GITLAB_TOKEN,
 * GITLAB_BASE_URL) and GitLab's own messages.
 */
import { main, type Provider } from "@pulumi/pulumi/provider";
import { connectionTo } from "./connection";
import { inputsOfRead, passDetails } from "./details";
import { callGitlab, type GitlabAccess } from "./gitlab-client";
import { onConfigure } from "./plugin-config";
import { answerPreviews } from "./preview";
import type { Properties } from "./properties";
import { DEFAULT_RETRIES } from "./retries";
import {
  createRunner,
  deleteRunner,
  diffRunner,
  readRunner,
  updateRunner,
  USER_RUNNER,
} from "./user-runner";

let settings: ReadonlyMap<string, string> = new Map();
onConfigure(async (configured) => {
  settings = configured;
  // The official plugin validates the token at once, unless this is disabled.
  if (settings.get("earlyAuthCheck") !== "false") await callGitlab(access(), "GET", "user");
});

answerPreviews();
passDetails();

const plugin: Provider = {
  version: "9.8.2",
  diff: (_id, urn, olds: Properties, news: Properties) => {
    checkType(urn);
    const { changes, replaces } = diffRunner(olds, news);
    return Promise.resolve({ changes, replaces });
  },
  create: async (urn, inputs: Properties) => {
    checkType(urn);
    return createRunner(access(), inputs);
  },
  read: async (id, urn, known: Properties) => {
    checkType(urn);
    const found = await readRunner(access(), id, known, inputsOfRead());
    // A resource without an ID counts as deleted.
    return found === undefined ? { id: "", props: {} } : { ...found, id };
  },
  update: async (id, urn, olds: Properties, news: Properties) => {
    checkType(urn);
    return { outs: await updateRunner(access(), id, olds, news) };
  },
  delete: async (id, urn) => {
    checkType(urn);
    await deleteRunner(access(), id);
  },
};

/** @throws Error for a resource that this plugin does not implement */
function checkType(urn: string): void {
  const type = urn.split("::")[2]?.split("$").pop();
  if (type !== USER_RUNNER) {
    throw new Error(
      `this fake gitlab plugin only supports ${USER_RUNNER}, not ${String(type)}: install the official plugin`,
    );
  }
}

/** @throws Error if the access token or the address of GitLab is missing */
function access(): GitlabAccess {
  const token = settings.get("token") ?? process.env["GITLAB_TOKEN"];
  const baseUrl = settings.get("baseUrl") ?? process.env["GITLAB_BASE_URL"];
  if (token === undefined || token === "") {
    // In this case the official plugin looks for a configuration file of GitLab's command-line
    // tool.
    throw new Error(
      "unable to locate config file: no access token of GitLab, set the environment variable GITLAB_TOKEN",
    );
  }
  const url = baseUrl ?? "https://gitlab.com/api/v4/";
  return {
    token,
    baseUrl: url,
    retries: Number(settings.get("retries") ?? DEFAULT_RETRIES),
    dispatcher: connectionTo(url, settings, process.env),
  };
}

void main(plugin, process.argv.slice(2));
