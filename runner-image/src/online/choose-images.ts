import type { EngineImage } from "../system/engine/images";

/** Images that arrived within this time are kept: jobs may be about to use them. */
export const YOUNG_MS = 60 * 60 * 1000;

/** What decides whether an image may be removed. */
export interface ImageFacts {
  /** IDs of the images that containers use. */
  readonly used: ReadonlySet<string>;
  /** Repositories of the runner's own images, such as `registry.example.com/runner`. */
  readonly ownRepositories: readonly RegExp[];
  /** The latest known time at which an image arrived, in epoch milliseconds, by its ID. */
  readonly arrivedMs: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

/** Why an image is kept. */
export type Keep = "in use" | "the runner's own" | "younger than an hour";

/** Which images may be removed, the oldest first, and why the others are kept. */
export interface ImageChoice {
  readonly removable: readonly EngineImage[];
  readonly kept: ReadonlySet<Keep>;
}

/** Decides which images may be removed. */
export function chooseImages(images: readonly EngineImage[], facts: ImageFacts): ImageChoice {
  const kept = new Set<Keep>();
  const removable = images.filter((image) => {
    const reason = findReason(image, facts);
    if (reason !== undefined) kept.add(reason);
    return reason === undefined;
  });
  const age = ({ id }: EngineImage): number => facts.arrivedMs.get(id) ?? 0;
  return { removable: removable.sort((one, other) => age(one) - age(other)), kept };
}

function findReason(image: EngineImage, facts: ImageFacts): Keep | undefined {
  const { used, ownRepositories, arrivedMs, nowMs } = facts;
  if (used.has(image.id)) return "in use";
  const repositories = listRepositories(image);
  if (repositories.some((name) => ownRepositories.some((own) => own.test(name)))) {
    return "the runner's own";
  }
  return nowMs - (arrivedMs.get(image.id) ?? 0) < YOUNG_MS ? "younger than an hour" : undefined;
}

/** Lists the repositories of an image, without the registry of Docker Hub. */
export function listRepositories({ tags, digests }: EngineImage): readonly string[] {
  return [...tags, ...digests].map(getRepository);
}

/**
 * Returns patterns of the repositories of helper images. gitlab-runner's own ones have the same
 * last part in every registry.
 * @param configured the image in the settings, which may contain variables
 */
export function listHelperRepositories(configured: string | undefined): readonly RegExp[] {
  const own = /(?:^|\/)gitlab-runner-helper$/;
  if (configured === undefined || configured === "") return [own];
  const pattern = getRepository(configured)
    .split(/\$(?:\w+|\{\w+\})/)
    .map(escape)
    .join(".*");
  return [own, new RegExp(`^${pattern}$`)];
}

/** Returns a pattern of exactly one repository. */
export function matchRepository(repository: string): RegExp {
  return new RegExp(`^${escape(repository)}$`);
}

/** Removes tag and digest. A colon before a slash belongs to a port. */
function getRepository(name: string): string {
  return name
    .replace(/@.*$/, "")
    .replace(/:[^/]*$/, "")
    .replace(/^(?:(?:index\.)?docker\.io\/)?(?:library\/)?/, "");
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
