import { instanceCases } from "./instance";
import { jobBodyCases } from "./job-body";
import { jobUpdateCases } from "./job-updates";
import { longPollCases } from "./long-poll";
import { managerCases } from "./managers";
import { noteCases } from "./notes";
import { placeRunnerCases } from "./place-runners";
import { pollingCases } from "./polling";
import { registrationCases } from "./registration";
import { managerRemovalCases, runnerRemovalCases } from "./removal";
import { resetCases } from "./reset";
import { runnerChangeCases } from "./runner-changes";
import { runnerJobCases } from "./runner-jobs";
import { runnerListCases } from "./runner-lists";
import { runnerCases } from "./runners";
import { artifactCases, traceCases } from "./traces";
import { cancelCases, twoPhaseCases } from "./two-phase";
import { userRunnerCases } from "./user-runners";
import { verificationCases } from "./verification";
import type { Case } from "./world";

/** Every case, as GitLab's own tests have it. */
export const CASES: readonly Case[] = [
  ...registrationCases,
  ...verificationCases,
  ...resetCases,
  ...runnerRemovalCases,
  ...managerRemovalCases,
  ...pollingCases,
  ...longPollCases,
  ...jobBodyCases,
  ...jobUpdateCases,
  ...traceCases,
  ...artifactCases,
  ...twoPhaseCases,
  ...cancelCases,
  ...userRunnerCases,
  ...runnerListCases,
  ...placeRunnerCases,
  ...runnerCases,
  ...runnerChangeCases,
  ...managerCases,
  ...runnerJobCases,
  ...noteCases,
  ...instanceCases,
];
