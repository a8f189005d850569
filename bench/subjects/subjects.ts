import { PoolStack } from "../../dev/pulumi/pool-stack";
import { readImage } from "../../tests/support/swarm";
import { PREFIX, type Bench } from "../bench";
import { BareProgram } from "./bare-program";
import { buildManualImage, ManualStack } from "./manual-stack";
import { SleepService } from "./sleep-service";

/** A pool of replicas, with the runner that its token belongs to. */
export interface Scalable<Subject> {
  readonly subject: Subject;
  readonly runnerId: number;
}

/** Everything that the benchmark compares, all running. */
export interface Subjects {
  readonly pool: Scalable<PoolStack>;
  /** Image reference in the pool's service. */
  readonly image: string;
  readonly manual: Scalable<ManualStack>;
  readonly bare: BareProgram;
  readonly sleep: SleepService;
}

const REPLICAS = 2;

/** Starts the subjects, each with two replicas, and removes them after `use`. */
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
    image: await readImage(bench.docker, pool.serviceName),
    manual: { subject: manual, runnerId: theirs.id },
    bare,
    sleep,
  });
}

/** Creates a pool with only those settings that the local platform requires. */
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
