import { PoolStack } from "../../tests/support/pool-stack";
import { PREFIX, type Bench } from "../bench";
import { BareProgram } from "./bare-program";
import { buildManualImage, ManualStack } from "./manual-stack";
import { SleepService } from "./sleep-service";

/** A pool of replicas, with the runner that its token belongs to. */
export interface Scalable<Subject> {
  readonly subject: Subject;
  readonly runnerId: number;
}

/** What is measured against each other, up and running. */
export interface Subjects {
  readonly pool: Scalable<PoolStack>;
  /** Image of the pool's replicas, as the service names it. */
  readonly image: string;
  readonly manual: Scalable<ManualStack>;
  readonly bare: BareProgram;
  readonly sleep: SleepService;
}

const REPLICAS = 2;

/** Brings the subjects up, each with two replicas, and takes them down after `use`. */
export async function withSubjects<T>(
  bench: Bench,
  use: (subjects: Subjects) => Promise<T>,
): Promise<T> {
  const { gitlab } = bench;
  const ours = await gitlab.createRunner({});
  const theirs = await gitlab.createRunner({});
  await buildManualImage(bench);
  await using pool = await createPool(bench, ours.token);
  await pool.mustUp();
  await using manual = await ManualStack.deploy(bench, theirs.token);
  await using bare = await BareProgram.create(bench, theirs.token);
  await bare.up();
  await using sleep = await SleepService.create(bench, REPLICAS);
  return await use({
    pool: { subject: pool, runnerId: ours.id },
    image: await readImage(bench, pool.serviceName),
    manual: { subject: manual, runnerId: theirs.id },
    bare,
    sleep,
  });
}

/** The settings that a user of the local platform has, and no others. */
function createPool({ gitlab, platform }: Bench, token: string): Promise<PoolStack> {
  const { images, registry } = platform;
  const config = {
    gitlabUrl: gitlab.url,
    token,
    replicas: REPLICAS,
    registry: { address: registry },
    baseImage: images.base,
    nodeImage: images.node,
    jobImage: images.job,
    docker: { helperImage: images.helper, pullPolicy: "if-not-present" },
  };
  return PoolStack.create({ platform, config, name: PREFIX });
}

/** Image of a service's replicas. */
async function readImage({ docker }: Bench, serviceName: string): Promise<string> {
  const { Spec } = (await docker.getService(serviceName).inspect()) as {
    Spec: { TaskTemplate: { ContainerSpec: { Image: string } } };
  };
  return Spec.TaskTemplate.ContainerSpec.Image;
}
