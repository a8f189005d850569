import type { Bench } from "../bench";

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/**
 * Measures what an image adds to its base image: the compressed size, in the registry, of its
 * additional layers.
 * @param reference `HOST:PORT/REPOSITORY:TAG`, with or without a digest
 */
export async function measureImageSize(bench: Bench, reference: string): Promise<void> {
  bench.recorder.add("imageSize.pool", await getAddedSize(bench, reference));
}

/** @returns MB (10⁶ bytes, as registries show sizes) */
export async function getAddedSize(
  { docker, platform }: Pick<Bench, "docker" | "platform">,
  reference: string,
): Promise<number> {
  const { registry, repository, tag } = splitReference(reference);
  const base = await docker.getImage(platform.images.base).inspect();
  const baseLayers = base.RootFS.Layers?.length ?? 0;
  const response = await fetch(`http://${registry}/v2/${repository}/manifests/${tag}`, {
    headers: { Accept: MANIFEST },
  });
  if (!response.ok)
    throw new Error(`the registry responded with ${response.status} for ${reference}`);
  const { layers } = (await response.json()) as { layers: { size: number }[] };
  return layers.slice(baseLayers).reduce((sum, { size }) => sum + size, 0) / 1e6;
}

function splitReference(reference: string): {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
} {
  const match = /^([^/]+)\/(.+?):([^:@/]+)(?:@.*)?$/.exec(reference);
  const [, registry, repository, tag] = match ?? [];
  if (registry === undefined || repository === undefined || tag === undefined) {
    throw new Error(`${reference} is not of the form REGISTRY/REPOSITORY:TAG`);
  }
  return { registry, repository, tag };
}
