/**
 * Inserts generated lines between the comments `<!-- NAME -->` and `<!-- /NAME -->` of a Markdown
 * text.
 * @throws Error when the text has no such comments
 */
export function fillMarked(text: string, name: string, body: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`the text has no ${start.trim()} … ${end.trim()}`);
  return `${text.slice(0, from)}${start}\n${body}\n${text.slice(to)}`;
}
