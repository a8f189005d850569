import type Docker from "dockerode";

/** gitlab-runner labels everything it creates for a job with the job's URL. */
const JOB_URL = "com.gitlab.gitlab-runner.job.url";

type Labels = Readonly<Record<string, string>> | null | undefined;

/**
 * Removes the containers, networks and volumes (build caches) that gitlab-runner created for the
 * jobs of one GitLab. Nothing else removes its caches.
 */
export async function removeJobObjects(docker: Docker, gitlabUrl: string): Promise<void> {
  const isJobs = (labels: Labels): boolean => isOfGitlab(labels, gitlabUrl);
  const filters = { label: [JOB_URL] };
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters })) {
    if (isJobs(Labels)) await docker.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Id, Labels } of await docker.listNetworks({ filters })) {
    if (isJobs(Labels)) await docker.getNetwork(Id).remove();
  }
  for (const { Name, Labels } of (await docker.listVolumes({ filters })).Volumes) {
    if (isJobs(Labels)) await docker.getVolume(Name).remove();
  }
}

/** True if the labels name a job of this GitLab. */
export function isOfGitlab(labels: Labels, gitlabUrl: string): boolean {
  return labels?.[JOB_URL]?.startsWith(`${gitlabUrl}/`) === true;
}
