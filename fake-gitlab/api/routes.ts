import type { FastifyInstance } from "fastify";
import type { Instance } from "../state/instance";
import { addArtifactRoutes } from "./artifacts";
import { addGuards } from "./guards";
import { addInstanceRoutes } from "./instance-routes";
import { addJobRequestRoute } from "./job-request";
import { addJobUpdateRoutes } from "./job-updates";
import { addNoteRoutes } from "./notes";
import { addPlaceRoutes } from "./places";
import { addProjectJobRoutes } from "./project-jobs";
import { addRunnerAdministrationRoutes } from "./runner-administration";
import { addRunnerAssignmentRoutes } from "./runner-assignment";
import { addRunnerJobsRoute } from "./runner-jobs";
import { addRunnerListRoutes } from "./runner-lists";
import { addRegistrationRoutes } from "./runner-registration";
import { answerUnknownRoutes } from "./unknown-routes";
import { addUserRunnerRoute } from "./user-runners";

/** The part of GitLab's API that the fake GitLab implements, below /api/v4. */
export function addApiRoutes(app: FastifyInstance, instance: Instance): void {
  answerUnknownRoutes(app);
  addGuards(app, instance);
  addRegistrationRoutes(app, instance);
  addJobRequestRoute(app, instance);
  addJobUpdateRoutes(app, instance);
  addArtifactRoutes(app, instance);
  addUserRunnerRoute(app, instance);
  addRunnerAdministrationRoutes(app, instance);
  addRunnerJobsRoute(app, instance);
  addRunnerListRoutes(app, instance);
  addRunnerAssignmentRoutes(app, instance);
  addPlaceRoutes(app, instance);
  addProjectJobRoutes(app, instance);
  addNoteRoutes(app, instance);
  addInstanceRoutes(app, instance);
}
