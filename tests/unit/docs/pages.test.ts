import { describe, expect, it } from "@jest/globals";
import { readDocuments } from "../../support/documents/files";

/** A page with more sections has a table of contents. */
const MOST_SECTIONS = 5;

const INDEX = "docs/README.md";

const all = readDocuments();
const pages = all.filter(({ file }) => /^docs\/[\w-]+\.md$/.test(file));
const decisions = all.filter(({ file }) => file.startsWith("docs/decisions/"));

const paragraphsOf = (text: string): readonly string[] => text.trim().split(/\n{2,}/);

/** The sections of a page, and how many links to its own sections stand before the first one. */
function outlineOf(text: string): { readonly sections: number; readonly links: number } {
  const prose = text.replace(/^[ \t]*```[\s\S]*?^[ \t]*```$/gm, "");
  const [opening = "", ...sections] = prose.split(/^## /m);
  const links = new Set([...opening.matchAll(/\]\((#[^)]+)\)/g)].map(([, anchor]) => anchor));
  return { sections: sections.length, links: links.size };
}

describe.each(pages)("$file", ({ file, text }) => {
  it("opens with who needs it", () => {
    expect(paragraphsOf(text)[1]).toMatch(/^Read this page (?:if|when|to|before) /);
  });

  it("ends with what to read next", () => {
    expect(paragraphsOf(text).at(-1)).toMatch(/^Next: [\s\S]*\]\(/);
  });

  it("links to each section at its top if it has many", () => {
    const { sections, links } = outlineOf(text);
    if (file === INDEX || sections <= MOST_SECTIONS) return;
    expect(links).toBe(sections);
  });
});

describe.each(decisions)("$file", ({ text }) => {
  it("opens with its status", () => {
    expect(paragraphsOf(text)[1]).toMatch(/^Status: (?:accepted|replaced by \[)/);
  });

  it("ends with what to read next", () => {
    expect(paragraphsOf(text).at(-1)).toMatch(/^Next: [\s\S]*\]\(/);
  });
});

describe(INDEX, () => {
  const index = pages.find(({ file }) => file === INDEX)?.text ?? "";
  const names = [...pages, ...decisions].map(({ file }) => file.replace("docs/", ""));

  it.each(names.filter((name) => name !== "README.md"))("links to %s", (name) => {
    expect(index).toContain(`](${name})`);
  });
});

describe("outlineOf", () => {
  it("counts sections outside code blocks and the links before the first one", () => {
    const text = "# Page\n\n- [A](#a)\n\n## A\n\n```sh\n## a comment\n```\n\n## B\n\n[A](#a)\n";
    expect(outlineOf(text)).toEqual({ sections: 2, links: 1 });
  });
});
