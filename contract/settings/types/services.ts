import { imageTemplate } from "../../docker-syntax";
import { GITLAB_TOKEN } from "../../redact";
import type { SettingType } from "../type";
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

const TOKEN = new RegExp(GITLAB_TOKEN);

/** Environment variables, which gitlab-runner reads as a list of `KEY=VALUE`. */
const environment: SettingType<StringMap> = {
  ...map((name, value) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      return `must have names of letters, digits and underscores, not ${JSON.stringify(name)}`;
    }
    if (TOKEN.test(value)) {
      return `must not contain a GitLab token, because the value of ${name} is not kept secret`;
    }
    return value.includes("\0") ? `must not contain NUL characters; ${name} has one` : undefined;
  }),
  toToml: (value) => Object.entries(value).map(([name, text]) => `${name}=${text}`),
};

const objects = listOfObjects(
  { name: imageTemplate, alias, command: words, entrypoint: words, environment },
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

/** Containers that run beside every job. */
export const services: SettingType<Services, readonly ServiceArgs[]> = {
  ...objects,
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
