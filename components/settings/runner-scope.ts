import { parse } from "./parsers";

/** Where GitLab creates the runner. */
export type RunnerScope =
  { readonly kind: "instance" } | { readonly kind: "group" | "project"; readonly id: number };

/** `instance`, `group:ID` or `project:ID`. */
export const runnerScope = parse<RunnerScope>((value) => {
  if (value === "instance") return { value: { kind: "instance" } };
  const match = /^(group|project):([1-9]\d{0,9})$/.exec(String(value).trim());
  return match === null
    ? {
        problem: "must be instance, group:ID or project:ID with the number of the group or project",
      }
    : { value: { kind: match[1] === "group" ? "group" : "project", id: Number(match[2]) } };
});
