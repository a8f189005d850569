import { checkTemplate, type TemplateFinding } from "../../config-toml/check-template";
import { parseToml, type TomlDocument } from "../../config-toml/parse-toml";
import { detectSecret } from "../../contract/looks-like-secret";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { showValue } from "../../contract/show-value";
import { getValue, type ParsedSettings } from "./parsed-settings";
import { describeSource, type Origin } from "./problems";

/** How many problems of one template a message lists. */
const MAX_PROBLEMS = 20;

/** Checks `configTemplate` against the keys of gitlab-runner's config.toml and the settings. */
export function checkConfigTemplate(parsed: ParsedSettings): readonly string[] {
  const text = parsed.values.configTemplate ?? "";
  const origin = parsed.origins.get("configTemplate");
  if (text.trim() === "" || origin === undefined) return [];
  const template = nameTemplate(origin);
  const result = parseToml(text);
  if ("problem" in result) {
    const { line, column, message } = result.problem;
    return [`${template} line ${line}, column ${column}, is not valid TOML: ${message}`];
  }
  const problems = [
    ...checkTemplate(result.document).map((finding) => describe(finding, template, parsed)),
    ...checkExecutorSection(result.document, template, parsed),
    ...findSecrets(text, template),
  ];
  const rest = problems.length - MAX_PROBLEMS;
  return rest > 0
    ? [...problems.slice(0, MAX_PROBLEMS), `${template} has ${rest} more problems`]
    : problems;
}

function nameTemplate(origin: Origin): string {
  const file = origin.file === undefined ? "" : ` (${origin.file})`;
  return `${describeSource("configTemplate", origin)}${file}`;
}

function describe(finding: TemplateFinding, template: string, parsed: ParsedSettings): string {
  const { key } = finding;
  const place = `${template} line ${finding.line}`;
  const sets = `${place} sets ${key}`;
  switch (finding.kind) {
    case "unknown": {
      const hint = finding.meant === undefined ? "remove it" : `did you mean ${finding.meant}?`;
      return `${sets}, which gitlab-runner does not know: ${hint}`;
    }
    case "invalid": {
      const got = finding.value === undefined ? "" : `, got ${showToml(finding.value)}`;
      return `${place}: ${joinRule(key, finding.rule)}${got}`;
    }
    case "owned":
      return `${sets}, which ${describeOwner(finding.setting, parsed)}`;
    case "reserved":
      return `${sets}, which a template cannot set: ${finding.why} Remove it.`;
    case "another runner":
      return `${place} begins a second [[runners]], but a replica has one runner: declare an additional pool under \`pools\` instead`;
  }
}

/** A rule may begin with the part of the value that violates it: `[1] must be …`. */
function joinRule(key: string, rule: string): string {
  return /^[[.]/.test(rule) ? `${key}${rule}` : `${key} ${rule}`;
}

function describeOwner(setting: SettingKey, parsed: ParsedSettings): string {
  const origin = parsed.origins.get(setting);
  if (origin !== undefined) {
    return `the setting ${describeSource(setting, origin)} already sets: keep the setting and remove the line`;
  }
  const { default: value } = settingOf(setting);
  const standard = value === undefined ? "" : ` (its default is ${JSON.stringify(value)})`;
  return `the setting \`${setting}\` owns${standard}: set \`${setting}\` and remove the line`;
}

/** Reports a section of the docker executor in a pool with another executor. */
function checkExecutorSection(
  { table, lineOf }: TomlDocument,
  template: string,
  parsed: ParsedSettings,
): readonly string[] {
  const executor = getValue(parsed, "executor") ?? "";
  const { runners } = table;
  const [runner] = Array.isArray(runners) ? runners : [];
  if (executor === "docker" || typeof runner !== "object" || !("docker" in runner)) return [];
  const line = lineOf(["runners", 0, "docker"]);
  const path = `${parsed.pathPrefix}executor`;
  const name = describeSource(
    "executor",
    parsed.origins.get("executor") ?? { path, source: "config" },
  );
  return [
    `${template} line ${line} sets runners.docker, which requires the docker executor, but ${name} is ${executor}: remove it`,
  ];
}

/** Reports secrets by their form. A template is not secret: the service's spec contains it. */
function findSecrets(text: string, template: string): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const secret = detectSecret(line);
    return secret === undefined
      ? []
      : [
          `${template} line ${index + 1} contains ${secret}, but a template is not secret: remove it`,
        ];
  });
}

/** Formats a value of TOML for a message. */
function showToml(value: unknown): string {
  const text: unknown = JSON.parse(
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === "bigint" ? Number(one) : typeof one === "number" ? String(one) : one,
    ),
  );
  return showValue(text);
}
