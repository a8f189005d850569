import { imageTemplate } from "../../docker-syntax";
import { rejectSecret } from "../../looks-like-secret";
import { andThen, type SettingType } from "../type";
import { map, type StringMap } from "./map";
import { listOfObjects } from "./objects";
import { matchingString } from "./string";
import { words } from "./words";

const ALIAS = "[a-zA-Z0-9](?:[a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?";

const alias = matchingString(
  "string",
  new RegExp(`^${ALIAS}(?:[ ,]+${ALIAS})*$`),
  "must be one or more host names, such as db, separated by commas",
);

const REMEDY = "move it to `secretEnvironment`, whose variables services also get";

/** A command without secrets. */
const command: SettingType<readonly string[]> = {
  ...words,
  parse: (written) =>
    andThen(words.parse(written), (entries) => {
      const problem = entries
        .map((entry, at) => rejectSecret(`[${at}]`, entry, REMEDY))
        .find((one) => one !== undefined);
      return problem === undefined ? { value: entries } : { problem };
    }),
};

/** Environment variables, which gitlab-runner reads as a list of `KEY=VALUE`. */
const environment: SettingType<StringMap> = {
  ...map({
    name: (name) =>
      /^[A-Za-z_]\w*$/.test(name)
        ? undefined
        : `must have names of letters, digits and underscores, not ${JSON.stringify(name)}`,
    value: (name, value) =>
      value.includes("\0")
        ? `must not contain NUL characters; ${name} has one`
        : rejectSecret(name, value, REMEDY),
  }),
  toToml: (value) => Object.entries(value).map(([name, text]) => `${name}=${text}`),
};

const objects = listOfObjects(
  { name: imageTemplate, alias, command, entrypoint: command, environment },
  ["name"],
);

type Services = typeof objects extends SettingType<infer T, unknown> ? T : never;

/** A service as a user writes it. */
export interface ServiceArgs {
  /** Image. It may contain variables of the job, such as `$CI_REGISTRY`. */
  readonly name: string;
  /** Host names of the service besides those from its image, separated by commas. */
  readonly alias?: string | undefined;
  /** Command with its arguments. @default the image's command */
  readonly command?: readonly string[] | undefined;
  /** Entry point with its arguments. @default the image's entry point */
  readonly entrypoint?: readonly string[] | undefined;
  /** Environment variables in addition to the job's. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Containers that run beside every job. A message never shows their settings. */
export const services: SettingType<Services, readonly ServiceArgs[]> = {
  ...objects,
  isHidden: true,
  parse: (written) => {
    const parsed = objects.parse(written);
    if ("problem" in parsed) {
      return { problem: parsed.problem.replace(/\.image is not a known field/g, "$&: use name") };
    }
    const aliases = parsed.value.flatMap((service) => service.alias?.split(/[ ,]+/) ?? []);
    const twice = aliases.find((one, at) => aliases.indexOf(one) !== at);
    return twice === undefined
      ? parsed
      : { problem: `must not give two services the same alias; ${twice} appears twice` };
  },
};
