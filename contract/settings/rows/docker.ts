import type { Setting } from "../setting";
import { DOCKER_IMAGES_ROWS } from "./docker-images";
import { DOCKER_LIMITS_ROWS } from "./docker-limits";
import { DOCKER_NETWORK_ROWS } from "./docker-network";
import { DOCKER_RIGHTS_ROWS } from "./docker-rights";
import { DOCKER_SERVICES_ROWS } from "./docker-services";

/** The docker executor. */
export const DOCKER_ROWS = {
  ...DOCKER_IMAGES_ROWS,
  ...DOCKER_LIMITS_ROWS,
  ...DOCKER_RIGHTS_ROWS,
  ...DOCKER_NETWORK_ROWS,
  ...DOCKER_SERVICES_ROWS,
} as const satisfies Record<string, Setting>;
