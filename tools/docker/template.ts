/** What swarm puts in the place of its templates. */
export interface TemplateValues {
  readonly service: { readonly id: string; readonly name: string };
  readonly slot?: number;
}

/** Fills in the templates that swarm expands in a service's environment and host name; others stay. */
export function expandTemplate(text: string, { service, slot }: TemplateValues): string {
  return text
    .replace(/\{\{\s*\.Service\.Name\s*\}\}/g, () => service.name)
    .replace(/\{\{\s*\.Service\.ID\s*\}\}/g, () => service.id)
    .replace(/\{\{\s*\.Task\.Slot\s*\}\}/g, (same) => (slot === undefined ? same : String(slot)));
}
