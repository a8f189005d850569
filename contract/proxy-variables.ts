/** The settings of a proxy. */
export interface ProxySettings {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  readonly noProxy?: readonly string[] | undefined;
}

/** A variable and its value. */
export type Variable = readonly [name: string, value: string];

/** The variables from which programs read their proxy. Each also exists in lower case. */
export const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] as const;

/** Lists both spellings of a variable: some programs read only one of them. */
export function bothSpellings(name: string): readonly string[] {
  return [name, name.toLowerCase()];
}

/**
 * Lists the variables that make programs use a proxy, in both spellings. Without a proxy there are
 * none.
 */
export function listProxyVariables({
  http,
  https,
  noProxy = [],
}: ProxySettings = {}): readonly Variable[] {
  if (http === undefined && https === undefined) return [];
  const exceptions = noProxy.join(",");
  const values = { HTTP_PROXY: http, HTTPS_PROXY: https, NO_PROXY: exceptions };
  return PROXY_VARIABLES.flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === "") return [];
    return bothSpellings(name).map((spelling): Variable => [spelling, value]);
  });
}
