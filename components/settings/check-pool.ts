import { getUrlWarning, isLoopback } from "../../contract/gitlab-url";
import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import type { RunnerScope } from "../../contract/settings/types/runner-scope";
import { detectTokenKind, type TokenKind } from "../../contract/token";
import { valueOf, type Draft } from "./draft";
import { missing, placeOf } from "./problems";
import { spaceProblems } from "./environment-space";
import { serviceNameProblems } from "./service-name";

/** What the checks of settings against each other found. */
export interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** How a pool's replicas prove to GitLab who they are. */
export type Authentication =
  /** With a token that was supplied. */
  | { readonly kind: TokenKind }
  /** With the token of a runner that the pool creates in GitLab. */
  | { readonly kind: "created"; readonly scope: RunnerScope };

/** Finds out how a pool authenticates. */
export function authenticationOf(draft: Draft): {
  readonly authentication?: Authentication;
  readonly problems: readonly string[];
} {
  const { origins, prefix } = draft;
  const token = origins.get("token");
  const scope = origins.get("runnerScope");
  const kind = origins.get("tokenKind");
  if (token !== undefined && scope !== undefined) {
    const places = `${placeOf("token", token)} and ${placeOf("runnerScope", scope)}`;
    return { problems: [`${places} are mutually exclusive: unset one of them`] };
  }
  if (token === undefined && scope === undefined) {
    const problem = missing("token", `${prefix}token`, "glrt-…", draft.place);
    return {
      problems: [`${problem}; or set \`${prefix}runnerScope\` to create the runner in GitLab`],
    };
  }
  if (scope !== undefined) {
    const value = draft.values.runnerScope;
    const problems =
      kind === undefined
        ? []
        : [`${placeOf("tokenKind", kind)} is only valid with \`token\`: unset it`];
    return value === undefined
      ? { problems }
      : { authentication: { kind: "created", scope: value }, problems };
  }
  return suppliedToken(draft);
}

function suppliedToken(draft: Draft): ReturnType<typeof authenticationOf> {
  const { token, tokenKind } = draft.values;
  const kind = tokenKind ?? (token === undefined ? undefined : detectTokenKind(token));
  if (kind !== undefined) return { authentication: { kind }, problems: [] };
  const isToken = token !== undefined || draft.later.has("token");
  if (draft.origins.has("tokenKind") || !isToken) return { problems: [] };
  const reason = draft.later.has("token")
    ? "is an output, so its prefix is not known yet"
    : "has an unrecognized prefix";
  const problem = `\`${draft.prefix}token\` ${reason}: set \`${draft.prefix}tokenKind\` to authentication (the token of an existing runner) or registration (a legacy registration token)`;
  return { problems: [problem] };
}

/** Checks the settings of a pool against each other. */
export function checkPool(
  draft: Draft,
  authentication: Authentication | undefined,
  serviceName: string,
): Findings {
  return {
    problems: [
      ...(draft.origins.has("gitlabUrl")
        ? []
        : [
            missing(
              "gitlabUrl",
              `${draft.prefix}gitlabUrl`,
              "https://gitlab.example.com",
              draft.place,
            ),
          ]),
      ...loopback(draft),
      ...(authentication?.kind === "authentication" ? heldByGitlab(draft) : []),
      ...(authentication?.kind === "authentication" ? [] : tagsOrUntagged(draft)),
      ...serviceNameProblems(serviceName, draft.place),
      ...spaceProblems(draft),
    ],
    warnings: [
      ...doubtfulUrl(draft),
      ...(authentication?.kind === "authentication" ? withoutEffect(draft) : []),
    ],
  };
}

/** Settings of another executor than the one that a pool has. */
export function unusedExecutorSettings(draft: Draft): readonly string[] {
  const executor = valueOf(draft, "executor");
  return SETTING_KEYS.flatMap((key) => {
    const owner = settingOf(key).executor;
    if (owner === undefined || owner === executor || !draft.origins.has(key)) return [];
    return [
      `${placeIn(draft, key)} requires the ${owner} executor, but ${placeIn(draft, "executor")} is ${executor ?? ""}: unset one of them`,
    ];
  });
}

function loopback(draft: Draft): readonly string[] {
  const problem = loopbackProblem(draft.values.gitlabUrl);
  return problem === undefined ? [] : [`${placeIn(draft, "gitlabUrl")} ${problem}`];
}

/** What is wrong with a URL that leads a replica to itself; undefined for any other. */
export function loopbackProblem(url: string | undefined): string | undefined {
  return url !== undefined && isLoopback(url)
    ? `must not be a loopback address, got ${url}: use the host name or address at which the swarm's nodes reach GitLab`
    : undefined;
}

function doubtfulUrl(draft: Draft): readonly string[] {
  const doubt =
    draft.values.gitlabUrl === undefined ? undefined : getUrlWarning(draft.values.gitlabUrl);
  return doubt === undefined ? [] : [`${placeIn(draft, "gitlabUrl")} ${doubt}.`];
}

/** Settings that were set, and that GitLab takes only with a new runner. */
function ofNewRunner(draft: Draft, what: "rejected" | "ignored"): readonly SettingKey[] {
  return SETTING_KEYS.filter(
    (key) => settingOf(key).newRunnerOnly === what && draft.origins.has(key),
  );
}

function heldByGitlab(draft: Draft): readonly string[] {
  return ofNewRunner(draft, "rejected").map(
    (key) =>
      `${placeIn(draft, key)} cannot be set with a supplied authentication token: unset it and change it on the runner's page in GitLab, or set \`runnerScope\` instead of \`token\``,
  );
}

function withoutEffect(draft: Draft): readonly string[] {
  return ofNewRunner(draft, "ignored").map(
    (key) =>
      `${placeIn(draft, key)} has no effect with a supplied authentication token. Unset it and change the ${key} on the runner's page in GitLab.`,
  );
}

function tagsOrUntagged(draft: Draft): readonly string[] {
  return valueOf(draft, "runUntagged") === false && valueOf(draft, "tags")?.length === 0
    ? [
        `\`${draft.prefix}tags\` must not be empty if \`${draft.prefix}runUntagged\` is false, because the runner would accept no jobs: add a tag, or set \`${draft.prefix}runUntagged\` to true`,
      ]
    : [];
}

function placeIn(draft: Draft, key: SettingKey): string {
  const origin = draft.origins.get(key) ?? { path: `${draft.prefix}${key}`, place: "config" };
  return placeOf(key, origin);
}
