import type { Instance } from "./instance";
import type { Job } from "./job";
import { groupLine } from "./projects";
import type { Manager, Project, Runner } from "./types";

/** Whether GitLab may give this job to this runner: scope, protection and tags. */
export function canTake(instance: Instance, runner: Runner, job: Job): boolean {
  const project = instance.projects.get(job.projectId);
  if (project === undefined || !servesProject(instance, runner, project)) return false;
  if (runner.accessLevel === "ref_protected" && !job.spec.protected) return false;
  if (job.spec.tags.length === 0) return runner.runUntagged;
  return job.spec.tags.every((tag) => runner.tags.includes(tag));
}

/** Whether the runner's type and owner cover the project. `locked` does not matter here. */
export function servesProject(instance: Instance, runner: Runner, project: Project): boolean {
  switch (runner.type) {
    case "instance_type":
      return project.sharedRunnersEnabled;
    case "group_type":
      return (
        project.groupRunnersEnabled &&
        groupLine(instance, project.groupId).includes(runner.groupId ?? -1)
      );
    case "project_type":
      return runner.projectIds.includes(project.id);
  }
}

/**
 * Finds a feature that the job needs and the runner did not announce; undefined if the runner can
 * run the job.
 */
export function missingFeature(manager: Manager, job: Job): string | undefined {
  const needed = [
    ...(job.spec.artifacts.some((artifact) => artifact.type !== "archive")
      ? ["upload_multiple_artifacts"]
      : []),
    ...(job.spec.artifacts.some((artifact) => (artifact.exclude ?? []).length > 0)
      ? ["artifacts_exclude"]
      : []),
  ];
  return needed.find((feature) => manager.details.features[feature] !== true);
}
