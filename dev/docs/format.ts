import { readFileSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import type { Options, Plugin } from "prettier";
import * as markdown from "prettier/plugins/markdown";
import * as yaml from "prettier/plugins/yaml";
import { format } from "prettier/standalone";
import type { GeneratedDocument } from "./generated";

/** prettier's parsers by file extension. */
const PARSERS: Readonly<Record<string, string>> = { ".md": "markdown", ".yaml": "yaml" };

/** A document's current text and the text it should have. */
export interface DocumentTexts {
  readonly current: string;
  readonly desired: string;
}

/** Reads a document, renders it again and formats it as `npm run check` expects. */
export async function renderDocument(
  project: string,
  { file, update }: GeneratedDocument,
): Promise<DocumentTexts> {
  const current = readFileSync(resolve(project, file), "utf8");
  const rendered = update(current);
  const parser = PARSERS[extname(file)];
  if (parser === undefined) return { current, desired: rendered };
  const plugins: Plugin[] = [markdown, yaml];
  return { current, desired: await format(rendered, { ...readOptions(project), parser, plugins }) };
}

/** Reads the project's prettier options. */
function readOptions(project: string): Options {
  return JSON.parse(readFileSync(join(project, ".prettierrc.json"), "utf8")) as Options;
}
