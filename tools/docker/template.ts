/** The values with which Swarm replaces its templates. */
export interface TemplateValues {
  readonly service: { readonly id: string; readonly name: string };
  /** The number of the slot, or the node's ID in a global service. */
  readonly slot?: number | string;
  /** ID of the node. */
  readonly node?: string;
}

/**
 * Expands the templates in a service's environment and host name as Swarm does. Unsupported
 * templates remain unchanged.
 */
export function expandTemplate(text: string, { service, slot, node }: TemplateValues): string {
  return text
    .replace(/\{\{\s*\.Service\.Name\s*\}\}/g, () => service.name)
    .replace(/\{\{\s*\.Service\.ID\s*\}\}/g, () => service.id)
    .replace(/\{\{\s*\.Node\.ID\s*\}\}/g, (same) => node ?? same)
    .replace(/\{\{\s*\.Task\.Slot\s*\}\}/g, (same) => (slot === undefined ? same : String(slot)));
}
