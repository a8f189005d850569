import { isObject } from "../../json";
import type { SettingType } from "../type";

/** Where GitLab creates the runner. */
export type RunnerScope =
  { readonly kind: "instance" } | { readonly kind: "group" | "project"; readonly id: number };

/** A runner scope as a user writes it. */
export type RunnerScopeText = "instance" | `group:${number}` | `project:${number}`;

/** `instance`, `group:ID` or `project:ID`. */
export const runnerScope: SettingType<RunnerScope, RunnerScopeText | RunnerScope> = {
  label: "`instance`, `group:ID` or `project:ID`",
  fromCode: (value) => (isScope(value) ? { value } : undefined),
  parse: (written) => {
    const text = typeof written === "string" ? written.trim() : "";
    if (text === "instance") return { value: { kind: "instance" } };
    const match = /^(group|project):([1-9]\d{0,9})$/.exec(text);
    return match === null
      ? RULE
      : { value: { kind: match[1] === "group" ? "group" : "project", id: Number(match[2]) } };
  },
  format: formatScope,
};

const RULE = {
  problem: "must be instance, group:ID or project:ID, such as group:42",
};

function isScope(value: unknown): value is RunnerScope {
  if (!isObject(value)) return false;
  const { kind, id } = value;
  if (kind === "instance") return true;
  return (kind === "group" || kind === "project") && Number.isSafeInteger(id) && Number(id) > 0;
}

function formatScope(scope: RunnerScope): RunnerScopeText {
  return scope.kind === "instance" ? "instance" : `${scope.kind}:${scope.id}`;
}
