import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import type { Context } from "../context";
import { whyNoAnswer } from "../toolchain/download";
import type { ImageKind, PlatformImage } from "./catalog";
import { ensureBusybox, ensureNode, ensureSystem } from "./root-file-system";

/** Labels the images that the platform built with a hash of their inputs. */
const RECIPE_LABEL = "gitlab-runner-pool.recipe";

const FOLDER = "dev/images";

/** One Dockerfile per image: the classic builder would run all stages before the target. */
const dockerfileName = (kind: ImageKind): string => `${kind}.Dockerfile`;

type Note = (text: string) => void;

/** A folder and its files that go into a build. */
interface Part {
  readonly folder: string;
  readonly files: readonly string[];
}

export interface ImageBuilder {
  readonly context: Context;
  readonly docker: Docker;
  /** Folder with gitlab-runner and gitlab-runner-helper. */
  readonly runnerFolder: string;
}

/**
 * Makes an image available in the engine: an existing one, or a pulled one, or one built here.
 * @returns how the image was obtained
 */
export async function ensureImage(
  builder: ImageBuilder,
  image: PlatformImage,
  note: Note,
): Promise<"found" | "pulled" | "built"> {
  const { context, docker } = builder;
  const present = await findRecipe(docker, image.name);
  // Without our label it is an official image, or one that the user provided.
  if (present === "none") return "found";
  const recipe = await hashImage(builder, image.kind);
  if (present === recipe) return "found";
  await context.record.add("images", image.name);
  if (await pulled(builder, image, note)) return "pulled";
  note(`building ${image.name}`);
  await build(builder, image, recipe, note);
  return "built";
}

/**
 * The hash label of an image. "none" for an image without the label, undefined if no image has this
 * name.
 */
async function findRecipe(docker: Docker, name: string): Promise<string | undefined> {
  try {
    const { Config } = await docker.getImage(name).inspect();
    // An image may have no labels, although its type does not say so.
    const labels = (Config as { Labels?: Record<string, string> | null }).Labels;
    return labels?.[RECIPE_LABEL] ?? "none";
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

async function hashImage(
  { context, runnerFolder }: ImageBuilder,
  kind: ImageKind,
): Promise<string> {
  const hash = createHash("sha256").update(kind).update(process.version);
  if (kind === "base" || kind === "helper") hash.update(runnerFolder);
  for (const file of [dockerfileName(kind), "entrypoint", "gitlab-runner-build"]) {
    hash.update(await readFile(join(context.paths.project, FOLDER, file)));
  }
  return hash.digest("hex").slice(0, 16);
}

/**
 * Tags the official image with the platform's name for it. Pulls it first if the engine does not
 * have it.
 */
async function pulled(
  { context, docker }: ImageBuilder,
  { name, official, registryUrl }: PlatformImage,
  note: Note,
): Promise<boolean> {
  try {
    if ((await findRecipe(docker, official)) === undefined) {
      if ((await whyNoAnswer(registryUrl)) !== undefined) return false;
      note(`pulling ${official}`);
      await context.record.add("images", official);
      await follow(docker, await docker.pull(official), context);
    }
    const colon = name.lastIndexOf(":");
    await docker.getImage(official).tag({ repo: name.slice(0, colon), tag: name.slice(colon + 1) });
    return true;
  } catch (error) {
    context.commands.note(`cannot pull ${official}: ${String(error)}`);
    return false;
  }
}

async function build(
  builder: ImageBuilder,
  { kind, name }: PlatformImage,
  recipe: string,
  note: Note,
): Promise<void> {
  const { context, docker } = builder;
  const parts = [
    { folder: join(context.paths.project, FOLDER), files: [dockerfileName(kind)] },
    ...(await listParts[kind](builder, note)),
  ];
  const tar = spawn("tar", [
    ...["--create", "--dereference", "--owner=0", "--group=0"],
    ...parts.flatMap(({ folder, files }) => ["--directory", folder, ...files]),
  ]);
  const stream = await docker.buildImage(tar.stdout, {
    t: name,
    dockerfile: dockerfileName(kind),
    labels: { [RECIPE_LABEL]: recipe },
    forcerm: true,
  });
  await follow(docker, stream, context);
}

/** The parts of each image's build. */
const listParts: Readonly<
  Record<ImageKind, (builder: ImageBuilder, note: Note) => Promise<Part[]>>
> = {
  base: async ({ context, runnerFolder }, note) => [
    { folder: await ensureSystem(context, note), files: ["rootfs.tar.gz"] },
    { folder: join(context.paths.project, FOLDER), files: ["entrypoint"] },
    { folder: runnerFolder, files: ["gitlab-runner"] },
  ],
  helper: async ({ context, runnerFolder }, note) => [
    { folder: await ensureSystem(context, note), files: ["rootfs.tar.gz"] },
    { folder: join(context.paths.project, FOLDER), files: ["gitlab-runner-build"] },
    { folder: runnerFolder, files: ["gitlab-runner-helper"] },
  ],
  node: async ({ context }) => [{ folder: await ensureNode(context), files: ["node"] }],
  job: async ({ context }) => [{ folder: await ensureBusybox(context), files: ["busybox"] }],
};

interface ProgressItem {
  readonly stream?: string;
  readonly error?: string;
}

/** Reads an engine's progress stream to its end. @throws Error with the engine's message */
async function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  { commands }: Context,
): Promise<void> {
  const items = await new Promise<ProgressItem[]>((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, all: ProgressItem[]) => {
      if (error === null) resolve(all);
      else reject(error);
    });
  });
  for (const { stream: text } of items) if (text !== undefined) commands.note(text.trimEnd());
  const failed = items.find(({ error }) => error !== undefined);
  if (failed?.error !== undefined) throw new Error(failed.error);
}
