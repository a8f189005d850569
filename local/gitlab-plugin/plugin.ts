/**
 * A stand-in for Pulumi's gitlab plugin where the official one cannot be had: UserRunner over GitLab's REST API, with
 * the official plugin's property names, variables (GITLAB_TOKEN, GITLAB_BASE_URL) and messages from GitLab itself.
 */
import { main, type Provider } from "@pulumi/pulumi/provider";
import type { GitlabAccess } from "./gitlab-client";
import { onConfigure } from "./plugin-config";
import { answerPreviews } from "./preview";
import {
  createRunner,
  deleteRunner,
  diffRunner,
  readRunner,
  updateRunner,
  USER_RUNNER,
  type Properties,
} from "./user-runner";

let settings: ReadonlyMap<string, string> = new Map();
onConfigure((configured) => {
  settings = configured;
});

answerPreviews();

const plugin: Provider = {
  version: "9.8.2",
  diff: (_id, urn, olds: Properties, news: Properties) => {
    checkType(urn);
    return Promise.resolve(diffRunner(olds, news));
  },
  create: async (urn, inputs: Properties) => {
    checkType(urn);
    return createRunner(access(), inputs);
  },
  read: async (id, urn, known: Properties) => {
    checkType(urn);
    const found = await readRunner(access(), id, known);
    // Without an ID the resource counts as gone.
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

/** @throws Error for a resource that the official plugin may have, and this one has not */
function checkType(urn: string): void {
  const type = urn.split("::")[2]?.split("$").pop();
  if (type !== USER_RUNNER) {
    throw new Error(
      `this stand-in for the gitlab plugin has ${USER_RUNNER} only, not ${String(type)}: install the official plugin`,
    );
  }
}

/** @throws Error if the access token or the address of GitLab is missing */
function access(): GitlabAccess {
  const token = settings.get("token") ?? process.env["GITLAB_TOKEN"];
  const baseUrl = settings.get("baseUrl") ?? process.env["GITLAB_BASE_URL"];
  if (token === undefined || token === "") {
    throw new Error("no access token of GitLab: set the environment variable GITLAB_TOKEN");
  }
  return { token, baseUrl: baseUrl ?? "https://gitlab.com/api/v4/" };
}

void main(plugin, process.argv.slice(2));
