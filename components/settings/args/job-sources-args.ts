import type { Duration } from "../../../contract/duration";

/** Where and how a job gets its sources, and the scripts around that and around the job. */
export interface JobSourcesArgs {
  /**
   * Folder for working trees, in job containers or in the replica. By default, `/builds`, or
   * `builds` in the home folder of the shell executor's user, who must be able to create another
   * folder. Rejected: relative paths, `.`, `..`,
   * `$`, and characters that the path of a volume cannot have.
   * @example "/tmp/builds"
   */
  readonly buildsDir?: string | undefined;
  /**
   * Lets jobs choose their working tree below `buildsDir` with the variable `GIT_CLONE_PATH`. By
   * default, only with the docker executor. Rejected with the shell executor and `concurrent` above
   * 1, because two jobs could choose the same folder.
   * @example false
   */
  readonly customBuildDir?: boolean | undefined;
  /**
   * Base URL of GitLab from which jobs clone, if it differs from the one that GitLab tells them.
   * If another CA issued its certificate, add that CA to `caCertificate`. Rejected: the same as for
   * `gitlabUrl`.
   * @example "https://gitlab.internal.example.com"
   */
  readonly cloneUrl?: string | undefined;
  /**
   * Deletes the Git configuration of the working tree before and after each job. By default, only
   * with the docker executor.
   * @example false
   */
  readonly cleanGitConfig?: boolean | undefined;
  /**
   * How long a job may take to get its sources: 10 seconds to 1 day, as a string or a number of
   * seconds. By default, the job's timeout applies. Rejected with a base image of gitlab-runner
   * older than 19.1.
   * @example "5m"
   */
  readonly getSourcesTimeout?: Duration | undefined;
  /**
   * Shell script that runs before each job gets its sources, in the helper container or in the
   * replica. At most 16 KiB. Rejected: Windows line endings, and tokens.
   * @example "git config --global http.version HTTP/1.1"
   */
  readonly preGetSourcesScript?: string | undefined;
  /**
   * Shell script that runs after each job has got its sources, in the helper container or in the
   * replica. At most 16 KiB. Rejected: Windows line endings, and tokens.
   * @example "git log -1 --oneline"
   */
  readonly postGetSourcesScript?: string | undefined;
  /**
   * Shell script that runs before the script of each job, in the job's container. At most 16 KiB.
   * Rejected: Windows line endings, and tokens.
   * @example "echo \"Job $CI_JOB_ID on $CI_RUNNER_DESCRIPTION\"\nulimit -c 0"
   */
  readonly preBuildScript?: string | undefined;
  /**
   * Shell script that runs after the script of each job and before its `after_script`, in the job's
   * container. A failed job skips it. At most 16 KiB. Rejected: Windows line endings, and tokens.
   * @example "df -h ."
   */
  readonly postBuildScript?: string | undefined;
}
