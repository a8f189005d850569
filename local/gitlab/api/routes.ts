import type { FastifyInstance } from "fastify";
import type { Instance } from "../state/instance";
import { addArtifactRoutes } from "./artifacts";
import { addInstanceRoutes } from "./instance-routes";
import { addJobRequestRoute } from "./job-request";
import { addJobUpdateRoutes } from "./job-updates";
import { addNoteRoutes } from "./notes";
import { addPlaceRoutes } from "./places";
import { addProjectJobRoutes } from "./project-jobs";
import { addRunnerAdministrationRoutes } from "./runner-administration";
import { addRunnerListRoutes } from "./runner-lists";
import { addRegistrationRoutes } from "./runner-registration";
import { addUserRunnerRoute } from "./user-runners";

/** All of GitLab's API that the stand-in has, below /api/v4. */
export function addApiRoutes(app: FastifyInstance, instance: Instance): void {
  addRegistrationRoutes(app, instance);
  addJobRequestRoute(app, instance);
  addJobUpdateRoutes(app, instance);
  addArtifactRoutes(app, instance);
  addUserRunnerRoute(app, instance);
  addRunnerAdministrationRoutes(app, instance);
  addRunnerListRoutes(app, instance);
  addPlaceRoutes(app, instance);
  addProjectJobRoutes(app, instance);
  addNoteRoutes(app, instance);
  addInstanceRoutes(app, instance);
}
