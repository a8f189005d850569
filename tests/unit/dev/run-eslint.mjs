import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

// Argument: a rule. Standard input: { FILE: TEXT } as JSON. Standard output: { FILE: [{ line,
// message }] }. The files need not exist.
const [rule] = process.argv.slice(2);
const texts = Object.entries(JSON.parse(await text(process.stdin)));
const { ESLint } = createRequire(import.meta.url)("eslint");
// A rule that needs types uses a project of a few files, which loads fast.
const projectService =
  rule === "times/unit" ? { allowDefaultProject: texts.map(([file]) => file) } : false;
const eslint = new ESLint({
  ruleFilter: ({ ruleId }) => ruleId === rule,
  overrideConfig: { languageOptions: { parserOptions: { projectService } } },
});
const refused = {};
for (const [file, code] of texts) {
  const [result] = await eslint.lintText(code, { filePath: file });
  const fatal = result?.messages.find(({ ruleId }) => ruleId !== rule);
  if (result === undefined || fatal !== undefined) throw new Error(`${file}: ${fatal?.message}`);
  refused[file] = result.messages.map(({ line, message }) => ({ line, message }));
}
process.stdout.write(JSON.stringify(refused));
