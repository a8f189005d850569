import type { Instance } from "./instance";
import { createUser, ensureProject } from "./projects";

/**
 * The contents of every new instance: the administrator `root` (user 1), the group `ci` (1) and in
 * it the project `ci/demo` (1).
 */
export function seedBasics(instance: Instance): void {
  createUser(instance, { username: "root", admin: true });
  ensureProject(instance, "ci/demo");
}
