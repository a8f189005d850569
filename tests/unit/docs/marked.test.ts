import { describe, expect, it } from "@jest/globals";
import { fillMarked } from "../../../dev/docs/marked";

describe("fillMarked", () => {
  it("replaces only the text between the comments", () => {
    const text = "before\n\n<!-- list -->\n\nold\n\n<!-- /list -->\n\nafter\n";
    const filled = "before\n\n<!-- list -->\n\n- new\n\n<!-- /list -->\n\nafter\n";
    expect(fillMarked(text, "list", "- new")).toBe(filled);
    expect(fillMarked(filled, "list", "- new")).toBe(filled);
  });

  it("names the comments that are missing in a text", () => {
    expect(() => fillMarked("text\n", "list", "- new")).toThrow(
      "the text has no <!-- list --> … <!-- /list -->",
    );
  });
});
