import type { Bench } from "./bench";
import { measureGrowth } from "./measure/growth";
import { measureIdle } from "./measure/idle";
import { measureImageSize } from "./measure/image-size";
import { measureFirstUp, measureUnchanged } from "./measure/pulumi";
import { measureRebuild } from "./measure/rebuild";
import { measureRegister } from "./measure/register";
import { measureScaling } from "./measure/scaling";
import { measureStop } from "./measure/stop";
import type { Growth } from "./report/chart-growth";
import type { Subjects } from "./subjects/subjects";

type Part = (bench: Bench, subjects: Subjects) => Promise<Growth | undefined>;

const part =
  (measure: (bench: Bench, subjects: Subjects) => Promise<void>): Part =>
  async (bench, subjects) => {
    await measure(bench, subjects);
    return undefined;
  };

/** The parts of the benchmark, in the order of measurement. `--only` selects some of them. */
export const PARTS: Readonly<Record<string, Part>> = {
  register: part((bench, { image }) => measureRegister(bench, image)),
  stop: part((bench, { image }) => measureStop(bench, image)),
  unchanged: part((bench, { pool, bare }) => measureUnchanged(bench, pool.subject, bare)),
  scaling: part((bench, { pool, manual, sleep }) => measureScaling(bench, pool, manual, sleep)),
  idle: part((bench, { pool, manual }) =>
    measureIdle(bench, [
      { subject: "pool", serviceName: pool.subject.serviceName, runnerId: pool.runnerId },
      { subject: "manual", serviceName: manual.subject.serviceName, runnerId: manual.runnerId },
    ]),
  ),
  image: part(async (bench, { image, pool }) => {
    await measureImageSize(bench, image);
    await measureRebuild(bench, pool.subject);
  }),
  firstUp: part((bench, { pool, bare }) =>
    measureFirstUp(bench, pool.subject, pool.runnerId, bare),
  ),
  growth: (bench, { pool, manual }) => measureGrowth(bench, pool, manual),
};
