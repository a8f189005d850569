import { buildsDir } from "../../build-paths";
import { gitlabUrl } from "../../gitlab-url";
import { jobScript } from "../../job-script";
import { stageTimeout } from "../../stage-timeout";
import { boolean } from "../types/plain";
import type { Setting } from "../setting";

/** Where and how a job gets its sources, and the scripts around that and around the job. */
export const JOB_SOURCES_ROWS = {
  buildsDir: {
    topic: "Sources and scripts of jobs",
    type: buildsDir,
    scope: "replica",
    toml: "runners.builds_dir",
    description:
      "Absolute path of the folder for working trees, in job containers or in the replica. Default: `/builds`, or `builds` in the home folder of the `shell` executor's user, who must be able to create another folder.",
  },
  customBuildDir: {
    topic: "Sources and scripts of jobs",
    type: boolean,
    scope: "replica",
    toml: "runners.custom_build_dir.enabled",
    description:
      "Let jobs choose their working tree below `buildsDir` with `GIT_CLONE_PATH`. Default: `true` with the docker executor, `false` with shell.",
  },
  cloneUrl: {
    topic: "Sources and scripts of jobs",
    type: gitlabUrl,
    scope: "replica",
    toml: "runners.clone_url",
    description:
      "Base URL of GitLab from which jobs clone, if it differs from the one that GitLab tells them.",
  },
  cleanGitConfig: {
    topic: "Sources and scripts of jobs",
    type: boolean,
    scope: "replica",
    toml: "runners.clean_git_config",
    description:
      "Delete the Git configuration of the working tree before and after each job. Default: `true` with the docker executor, `false` with shell.",
  },
  getSourcesTimeout: {
    topic: "Sources and scripts of jobs",
    type: stageTimeout,
    scope: "replica",
    toml: "runners.get_sources_timeout",
    description:
      "How long a job may take to get its sources (`10s`–`1d`). Default: the job's timeout. Requires gitlab-runner 19.1.",
  },
  preGetSourcesScript: {
    topic: "Sources and scripts of jobs",
    type: jobScript,
    scope: "replica",
    toml: "runners.pre_get_sources_script",
    description:
      "Shell script that runs before each job gets its sources, in the helper container or in the replica.",
  },
  postGetSourcesScript: {
    topic: "Sources and scripts of jobs",
    type: jobScript,
    scope: "replica",
    toml: "runners.post_get_sources_script",
    description:
      "Shell script that runs after each job has got its sources, in the helper container or in the replica.",
  },
  preBuildScript: {
    topic: "Sources and scripts of jobs",
    type: jobScript,
    scope: "replica",
    toml: "runners.pre_build_script",
    description: "Shell script that runs before the script of each job, in the job's container.",
  },
  postBuildScript: {
    topic: "Sources and scripts of jobs",
    type: jobScript,
    scope: "replica",
    toml: "runners.post_build_script",
    description:
      "Shell script that runs after the script of each job and before its `after_script`, in the job's container. A failed job skips it.",
  },
} as const satisfies Record<string, Setting>;
