import { getUrlWarning, isLoopback } from "../../contract/gitlab-url";
import { withoutLogin } from "../../contract/settings/types/proxy-url";
import { SETTING_KEYS, settingOf, type SettingKey } from "../../contract/settings/keys";
import { checkRules } from "../../contract/settings/rules/all";
import { PROGRAM_RULES } from "../../contract/settings/rules/program";
import type { RunnerScope } from "../../contract/settings/types/runner-scope";
import { detectTokenKind, type TokenKind } from "../../contract/token";
import { getValue, type ParsedSettings } from "./parsed-settings";
import { describeMissingSetting, describeSource } from "./problems";
import { checkCertificateDates } from "./check-certificates";
import { checkConfigTemplate } from "./check-template";
import { checkEngine } from "./check-engine";
import { checkEnvironmentSize } from "./environment-size";
import { toRuleInput } from "./rule-input";
import { explainInheritance } from "./explain-inheritance";
import { checkServiceName } from "./service-name";

/** The results of checking the combination of settings. */
export interface Findings {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** How the replicas of a pool authenticate with GitLab. */
export type Authentication =
  /** With a supplied token. */
  | { readonly kind: TokenKind }
  /** With the token of a runner that the pool creates in GitLab. */
  | { readonly kind: "created"; readonly scope: RunnerScope };

/** Determines how a pool authenticates. */
export function resolveAuthentication(parsed: ParsedSettings): {
  readonly authentication?: Authentication;
  readonly problems: readonly string[];
} {
  const { origins, pathPrefix } = parsed;
  const token = origins.get("token");
  const scope = origins.get("runnerScope");
  const kind = origins.get("tokenKind");
  if (token !== undefined && scope !== undefined) {
    const both = `${describeSource("token", token)} and ${describeSource("runnerScope", scope)}`;
    return { problems: [`${both} are mutually exclusive: unset one of them`] };
  }
  if (token === undefined && scope === undefined) {
    const problem = describeMissingSetting("token", `${pathPrefix}token`, "glrt-…", parsed.source);
    return {
      problems: [`${problem}; or set \`${pathPrefix}runnerScope\` to create the runner in GitLab`],
    };
  }
  if (scope !== undefined) {
    const value = parsed.values.runnerScope;
    const problems =
      kind === undefined
        ? []
        : [`${describeSource("tokenKind", kind)} is only valid with \`token\`: unset it`];
    return value === undefined
      ? { problems }
      : { authentication: { kind: "created", scope: value }, problems };
  }
  return resolveSuppliedToken(parsed);
}

function resolveSuppliedToken(parsed: ParsedSettings): ReturnType<typeof resolveAuthentication> {
  const { token, tokenKind } = parsed.values;
  const kind = tokenKind ?? (token === undefined ? undefined : detectTokenKind(token));
  if (kind !== undefined) return { authentication: { kind }, problems: [] };
  const isToken = token !== undefined || parsed.outputs.has("token");
  if (parsed.origins.has("tokenKind") || !isToken) return { problems: [] };
  const reason = parsed.outputs.has("token")
    ? "is an output, so its prefix is not known yet"
    : "has an unrecognized prefix";
  const problem = `\`${parsed.pathPrefix}token\` ${reason}: set \`${parsed.pathPrefix}tokenKind\` to authentication (the token of an existing runner) or registration (a legacy registration token)`;
  return { problems: [problem] };
}

/**
 * Checks the combination of a pool's settings.
 * @param known problems and warnings of the pool from which this one inherits settings
 */
export function checkPool(
  parsed: ParsedSettings,
  authentication: Authentication | undefined,
  serviceName: string,
  known: ReadonlySet<string> = new Set(),
): Findings {
  const { problems, warnings } = findAll(parsed, authentication, serviceName);
  return {
    problems: problems.map((text) => explainInheritance(text, parsed, known)),
    warnings: warnings.map((text) => explainInheritance(text, parsed, known)),
  };
}

function findAll(
  parsed: ParsedSettings,
  authentication: Authentication | undefined,
  serviceName: string,
): Findings {
  const input = toRuleInput(parsed);
  const rules = checkRules(input, PROGRAM_RULES);
  const dates = checkCertificateDates(input, Date.now());
  return {
    problems: [
      ...(parsed.origins.has("gitlabUrl")
        ? []
        : [
            describeMissingSetting(
              "gitlabUrl",
              `${parsed.pathPrefix}gitlabUrl`,
              "https://gitlab.example.com",
              parsed.source,
            ),
          ]),
      ...checkLoopback(parsed),
      ...(authentication?.kind === "authentication" ? checkRunnerSettings(parsed) : []),
      ...(authentication?.kind === "authentication" ? [] : checkTags(parsed)),
      ...checkServiceName(serviceName, parsed.source),
      ...checkOwnNetwork(parsed, serviceName),
      ...checkEnvironmentSize(parsed),
      ...rules.problems,
      ...checkConfigTemplate(parsed),
      ...checkEngine(input),
      ...dates.problems,
    ],
    warnings: [
      ...[...rules.warnings, ...dates.warnings].map((warning) => `${warning}.`),
      ...describeUrlWarning(parsed),
      ...(authentication?.kind === "authentication" ? describeIgnoredSettings(parsed) : []),
    ],
  };
}

/** The network that a pool creates has the name of its service. */
function checkOwnNetwork(parsed: ParsedSettings, serviceName: string): readonly string[] {
  const isCreated = getValue(parsed, "network")?.kind !== "existing";
  return isCreated && parsed.values.networks?.includes(serviceName) === true
    ? [
        `${describeSetting(parsed, "networks")} must not contain ${serviceName}, the network that the pool creates, to which its replicas are attached already: remove it`,
      ]
    : [];
}

/** Reports settings of an executor that the pool does not use. */
export function checkExecutorSettings(parsed: ParsedSettings): readonly string[] {
  const executor = getValue(parsed, "executor");
  return SETTING_KEYS.flatMap((key) => {
    const owner = settingOf(key).executor;
    if (owner === undefined || owner === executor || !parsed.origins.has(key)) return [];
    const text = `${describeSetting(parsed, key)} requires the ${owner} executor, but ${describeSetting(parsed, "executor")} is ${executor ?? ""}: unset one of them`;
    return [explainInheritance(text, parsed)];
  });
}

/** The servers that replicas connect to from their containers. */
const SERVERS = { gitlabUrl: "GitLab", "proxy.http": "the proxy", "proxy.https": "the proxy" };

function checkLoopback(parsed: ParsedSettings): readonly string[] {
  return (Object.keys(SERVERS) as readonly (keyof typeof SERVERS)[]).flatMap((key) => {
    const problem = describeLoopback(key, parsed.values[key]);
    return problem === undefined ? [] : [`${describeSetting(parsed, key)} ${problem}`];
  });
}

/** Describes the problem of a setting with a loopback URL; returns undefined for any other. */
export function describeLoopback(key: SettingKey, url: unknown): string | undefined {
  const server = new Map(Object.entries(SERVERS)).get(key);
  return server !== undefined && typeof url === "string" && isLoopback(url)
    ? `must not be a loopback address, got ${withoutLogin(url)}: use the host name or address at which the swarm's nodes reach ${server}`
    : undefined;
}

function describeUrlWarning(parsed: ParsedSettings): readonly string[] {
  const warning =
    parsed.values.gitlabUrl === undefined ? undefined : getUrlWarning(parsed.values.gitlabUrl);
  return warning === undefined ? [] : [`${describeSetting(parsed, "gitlabUrl")} ${warning}.`];
}

/** Finds the settings that GitLab accepts only for a new runner. */
function findNewRunnerSettings(
  parsed: ParsedSettings,
  what: "rejected" | "ignored",
): readonly SettingKey[] {
  return SETTING_KEYS.filter(
    (key) => settingOf(key).newRunnerOnly === what && parsed.origins.has(key),
  );
}

function checkRunnerSettings(parsed: ParsedSettings): readonly string[] {
  return findNewRunnerSettings(parsed, "rejected").map(
    (key) =>
      `${describeSetting(parsed, key)} cannot be set with a supplied authentication token: unset it and change it on the runner's page in GitLab, or set \`${parsed.pathPrefix}runnerScope\` instead of \`${parsed.pathPrefix}token\``,
  );
}

/** Reports only what the pool itself sets, because it may share the rest with another runner. */
function describeIgnoredSettings(parsed: ParsedSettings): readonly string[] {
  const own = findNewRunnerSettings(parsed, "ignored").filter(
    (key) => parsed.origins.get(key)?.path.startsWith(parsed.pathPrefix) === true,
  );
  return own.map(
    (key) =>
      `${describeSetting(parsed, key)} has no effect with a supplied authentication token. Unset it and change the ${key} on the runner's page in GitLab.`,
  );
}

function checkTags(parsed: ParsedSettings): readonly string[] {
  return getValue(parsed, "runUntagged") === false && getValue(parsed, "tags")?.length === 0
    ? [
        `\`${parsed.pathPrefix}tags\` must not be empty if \`${parsed.pathPrefix}runUntagged\` is false, because the runner would accept no jobs: add a tag, or set \`${parsed.pathPrefix}runUntagged\` to true`,
      ]
    : [];
}

function describeSetting(parsed: ParsedSettings, key: SettingKey): string {
  const origin = parsed.origins.get(key) ?? {
    path: `${parsed.pathPrefix}${key}`,
    source: "config",
  };
  return describeSource(key, origin);
}
