import type Docker from "dockerode";

/** The part of an image's listing that names the image it was built on. */
export interface ListedImage {
  readonly Id: string;
  readonly ParentId: string;
  readonly RepoTags: readonly string[] | null | undefined;
}

/**
 * Removes images by name, and the nameless images that were built on them. Skips those that are in
 * use or already gone.
 */
export async function removeImages(docker: Docker, names: readonly string[]): Promise<void> {
  const all: readonly ListedImage[] = await docker.listImages({ all: true });
  const ours = all.filter(({ RepoTags }) => (RepoTags ?? []).some((tag) => names.includes(tag)));
  const built = namelessOn(
    all,
    ours.map(({ Id }) => Id),
  );
  for (const image of [...built, ...names]) await remove(docker, image);
}

async function remove(docker: Docker, image: string): Promise<void> {
  try {
    await docker.getImage(image).remove();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}

/**
 * IDs of the nameless images that descend from one of the given images, descendants before their
 * ancestors.
 */
function namelessOn(all: readonly ListedImage[], ancestors: readonly string[]): string[] {
  const children = all.filter(
    ({ ParentId, RepoTags }) => ancestors.includes(ParentId) && isNameless(RepoTags),
  );
  return children.flatMap(({ Id }) => [...namelessOn(all, [Id]), Id]);
}

function isNameless(tags: ListedImage["RepoTags"]): boolean {
  return (tags ?? []).every((tag) => tag === "<none>:<none>");
}
