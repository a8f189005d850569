import { CACHE_ROWS } from "./rows/cache";
import { CACHE_S3_ROWS } from "./rows/cache-s3";
import { DOCKER_ROWS } from "./rows/docker";
import { ENGINE_ROWS } from "./rows/engine";
import { GITLAB_ROWS } from "./rows/gitlab";
import { HARDENING_ROWS } from "./rows/hardening";
import { IMAGE_ROWS } from "./rows/image";
import { JOB_RUN_ROWS } from "./rows/job-run";
import { JOB_SOURCES_ROWS } from "./rows/job-sources";
import { JOBS_ROWS } from "./rows/jobs";
import { NETWORK_ROWS } from "./rows/network";
import { PLACEMENT_ROWS } from "./rows/placement";
import { POLLING_ROWS } from "./rows/polling";
import { PROXY_ROWS } from "./rows/proxy";
import { REPLICAS_ROWS } from "./rows/replicas";
import { RESOURCES_ROWS } from "./rows/resources";
import { RUNNER_ROWS } from "./rows/runner";
import { SERVICE_ROWS } from "./rows/service";
import { TEMPLATE_ROWS } from "./rows/template";
import { UPDATE_ROWS } from "./rows/update";
import type { Setting } from "./setting";

/**
 * Every setting by its key. A dot leads into an object (`docker.privileged`). A setting of
 * gitlab-runner has gitlab-runner's name in camelCase, at gitlab-runner's path. Everything else
 * about a setting is derived from its row, or a test or the compiler compares it with the row.
 * CONTRIBUTING.md lists the places.
 */
export const SETTINGS = {
  ...GITLAB_ROWS,
  ...REPLICAS_ROWS,
  ...UPDATE_ROWS,
  ...PLACEMENT_ROWS,
  ...RESOURCES_ROWS,
  ...RUNNER_ROWS,
  ...JOBS_ROWS,
  ...JOB_RUN_ROWS,
  ...JOB_SOURCES_ROWS,
  ...POLLING_ROWS,
  ...DOCKER_ROWS,
  ...ENGINE_ROWS,
  ...CACHE_ROWS,
  ...CACHE_S3_ROWS,
  ...TEMPLATE_ROWS,
  ...PROXY_ROWS,
  ...NETWORK_ROWS,
  ...SERVICE_ROWS,
  ...HARDENING_ROWS,
  ...IMAGE_ROWS,
} as const satisfies Record<string, Setting>;
