import { tokenKindOf, type TokenKind } from "../../contract/token";
import { MAX_SERVICE_NAME } from "../../contract/service";
import { SETTING_KEYS, type SettingKey } from "./definitions";
import { valueOf, type Draft } from "./draft";
import type { Identity } from "./pool-settings";
import { missing, placeOf } from "./problems";

/** What the checks of settings against each other found. */
export interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Settings that GitLab holds for a runner with an authentication token. */
const HELD_BY_GITLAB = ["runUntagged", "locked", "protected", "maximumTimeout"] as const;

/**
 * Finds out how a pool authenticates.
 * @param tokenText the token, if it is known now
 */
export function identityOf(
  draft: Draft,
  tokenText: string | undefined,
): { readonly identity?: Identity; readonly problems: readonly string[] } {
  const { origins, prefix } = draft;
  const token = origins.get("token");
  const scope = origins.get("runnerScope");
  const kind = origins.get("tokenKind");
  if (token !== undefined && scope !== undefined) {
    const places = `${placeOf("token", token)} and ${placeOf("runnerScope", scope)}`;
    return { problems: [`${places} exclude each other: unset the one that is not meant`] };
  }
  if (token === undefined && scope === undefined) {
    const problem = missing("token", `${prefix}token`, "glrt-…");
    return {
      problems: [`${problem}; or set \`${prefix}runnerScope\` to let the runner be created`],
    };
  }
  if (scope !== undefined) {
    const value = draft.values.runnerScope;
    const problems =
      kind === undefined
        ? []
        : [`${placeOf("tokenKind", kind)} goes with \`token\` only: unset it`];
    return value === undefined
      ? { problems }
      : { identity: { kind: "created", scope: value }, problems };
  }
  return suppliedIdentity(draft, tokenText);
}

function suppliedIdentity(
  draft: Draft,
  tokenText: string | undefined,
): ReturnType<typeof identityOf> {
  const written = draft.origins.has("tokenKind");
  const kind: TokenKind | undefined =
    draft.values.tokenKind ?? (tokenText === undefined ? undefined : tokenKindOf(tokenText));
  if (kind !== undefined) return { identity: { kind }, problems: [] };
  if (written || draft.values.token === undefined) return { problems: [] };
  const problem = `\`${draft.prefix}token\` has a prefix that tells nothing: set \`${draft.prefix}tokenKind\` to authentication (a runner's own token) or registration (a legacy registration token)`;
  return { problems: [problem] };
}

/** Checks the settings of a pool against each other. */
export function checkPool(
  draft: Draft,
  identity: Identity | undefined,
  serviceName: string,
): Findings {
  return {
    problems: [
      ...(draft.origins.has("gitlabUrl")
        ? []
        : [missing("gitlabUrl", `${draft.prefix}gitlabUrl`, "https://gitlab.example.com")]),
      ...(identity?.kind === "authentication" ? heldByGitlab(draft) : []),
      ...(identity?.kind === "authentication" ? [] : tagsOrUntagged(draft)),
      ...serviceNameProblems(serviceName),
    ],
    warnings: identity?.kind === "authentication" ? unusedTags(draft) : [],
  };
}

/** Settings of the docker executor that were set for a pool that does not have it. */
export function unusedDockerSettings(draft: Draft): readonly string[] {
  return SETTING_KEYS.filter((key) => key.startsWith("docker.") && draft.origins.has(key)).map(
    (key) =>
      `${placeIn(draft, key)} needs \`${draft.prefix}executor\` docker, and it is ${valueOf(draft, "executor") ?? ""}: unset one of them`,
  );
}

function heldByGitlab(draft: Draft): readonly string[] {
  return HELD_BY_GITLAB.filter((key) => draft.origins.has(key)).map(
    (key) =>
      `${placeIn(draft, key)} cannot be set here for a supplied authentication token: change it in GitLab, on the runner's page, and unset it; or use \`runnerScope\` in place of \`token\``,
  );
}

function unusedTags(draft: Draft): readonly string[] {
  return draft.origins.has("tags")
    ? [
        `${placeIn(draft, "tags")} is not used: for a supplied authentication token GitLab holds the tags, on the runner's page.`,
      ]
    : [];
}

function tagsOrUntagged(draft: Draft): readonly string[] {
  return valueOf(draft, "runUntagged") === false && valueOf(draft, "tags")?.length === 0
    ? [
        `\`${draft.prefix}tags\` must not be empty when \`${draft.prefix}runUntagged\` is false: the runner would take no job`,
      ]
    : [];
}

function serviceNameProblems(name: string): readonly string[] {
  return name.length > MAX_SERVICE_NAME
    ? [
        `the service name \`${name}\` has ${name.length} characters, and Docker Swarm allows ${MAX_SERVICE_NAME}: choose a shorter name of the stack or the pool`,
      ]
    : [];
}

function placeIn(draft: Draft, key: SettingKey): string {
  const origin = draft.origins.get(key) ?? { path: `${draft.prefix}${key}`, place: "config" };
  return placeOf(key, origin);
}
