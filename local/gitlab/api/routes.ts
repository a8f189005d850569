import type { FastifyInstance } from "fastify";
import type { Instance } from "../state/instance";
import { addArtifactRoutes } from "./artifacts";
import { addJobRequestRoute } from "./job-request";
import { addJobUpdateRoutes } from "./job-updates";
import { addRegistrationRoutes } from "./runner-registration";

/** All of GitLab's API that the stand-in has, below /api/v4. */
export function addApiRoutes(app: FastifyInstance, instance: Instance): void {
  addRegistrationRoutes(app, instance);
  addJobRequestRoute(app, instance);
  addJobUpdateRoutes(app, instance);
  addArtifactRoutes(app, instance);
}
