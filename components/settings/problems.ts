import { definitionOf, type SettingKey } from "./definitions";

/** Where the value of a setting was written. */
export interface Origin {
  /** The setting's name as a person wrote it, with the pool: `pools.big.replicas`. */
  readonly path: string;
  /** - `config`: stack config; `env`: the environment; `argument`: the arguments of a component. */
  readonly place: "config" | "env" | "argument";
}

const LONGEST_SHOWN = 80;

/** Says that a value is not allowed: which setting, what is allowed, the value, where it stands and what to do. */
export function wrongValue(key: SettingKey, origin: Origin, rule: string, value: unknown): string {
  const shown = definitionOf(key).secret === true ? "a value that is not shown" : showValue(value);
  return `\`${origin.path}\` ${rule}, got ${shown}${advice(key, origin)}`;
}

/** Says that a setting is missing and how to set it. */
export function missing(key: SettingKey, path: string, example: string): string {
  return `\`${path}\` is required: ${howToSet(key, path, example)}`;
}

/** How to set a setting in the stack config or in the environment. */
export function howToSet(key: SettingKey, path: string, example: string): string {
  const { env, secret } = definitionOf(key);
  const flags = [
    ...(secret === true ? ["--secret"] : []),
    ...(path.includes(".") ? ["--path"] : []),
  ];
  const command = ["pulumi config set", ...flags, path, example].join(" ");
  return path === key ? `run \`${command}\` or set ${env}` : `run \`${command}\``;
}

/** The place of a value, for a sentence: `RUNNER_TAGS` or `pools.big.tags`. */
export function placeOf(key: SettingKey, { path, place }: Origin): string {
  return place === "env" ? `${definitionOf(key).env} (\`${path}\`)` : `\`${path}\``;
}

/** A value as a message may show it: no user and password of a URL, nothing that looks like a token, not too long. */
export function showValue(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  const safe = String(text)
    .replace(/\b([a-z][\w+.-]*:\/*)[^\s"]*@(?!sha256:)/gi, "$1…@")
    .replace(/\b(?:gl[a-z]{2,6}|GR1348941)-?[\w.-]{8,}/g, "…");
  return safe.length > LONGEST_SHOWN ? `${safe.slice(0, LONGEST_SHOWN)}…` : safe;
}

function advice(key: SettingKey, { path, place }: Origin): string {
  switch (place) {
    case "env":
      return ` from ${definitionOf(key).env}: correct or unset that variable`;
    case "config":
      return `: correct it with \`pulumi config set${path.includes(".") ? " --path" : ""} ${path} …\``;
    case "argument":
      return "";
  }
}
