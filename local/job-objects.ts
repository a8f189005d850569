import type Docker from "dockerode";

/** gitlab-runner writes the address of a job into the labels of all that it makes for it. */
const JOB_URL = "com.gitlab.gitlab-runner.job.url";

type Labels = Readonly<Record<string, string>> | null | undefined;

/**
 * Removes the containers, networks and volumes (caches of builds) that gitlab-runner made for jobs of one GitLab; nobody
 * else removes its caches.
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

/** True if an object's labels say that it was made for a job of this GitLab. */
export function isOfGitlab(labels: Labels, gitlabUrl: string): boolean {
  return labels?.[JOB_URL]?.startsWith(`${gitlabUrl}/`) === true;
}
