import { detectSecret } from "../../looks-like-secret";
import { isNamedLikeSecret } from "../../secret-names";
import { findNearest } from "../../suggest";
import {
  checkLogValue,
  COMMON_OPTIONS,
  LOG_DRIVERS,
  REQUIRED_OPTIONS,
  type LogOptions,
} from "../types/log-options";
import type { Rule, RuleInput } from "./rule";

const NAME = "logDriver.name";
const OPTIONS = "logDriver.options";

/** The only option of Docker's drivers that is a secret. */
const SPLUNK_TOKEN = "splunk-token";

/** The way out for an option with a secret. */
const IN_DAEMON_JSON =
  "set the option in /etc/docker/daemon.json on each node, and make this driver the default there";

const requireDriver: Rule = ({ isSet, name }) =>
  isSet(OPTIONS) && !isSet(NAME)
    ? {
        problems: [
          `${name(OPTIONS)} needs ${name(NAME)}, because the options of log drivers differ: set ${name(NAME)}, such as json-file`,
        ],
      }
    : {};

/** Checks the options of a driver, since Docker rejects a wrong one only when a replica starts. */
const checkOptions: Rule = (settings) => {
  const { value } = settings;
  const driver = value(NAME);
  if (driver === undefined) return {};
  const own = LOG_DRIVERS[driver];
  const problems = Object.entries(value(OPTIONS) ?? {}).flatMap(([option, text]) => {
    const problem = checkOption(settings, own, option, text);
    return problem === undefined ? [] : [`${settings.name(OPTIONS)} ${problem}`];
  });
  return { problems: [...problems, ...checkTogether(settings, driver)] };
};

/** @param own the options of the driver; undefined for a plugin, whose options are unknown */
function checkOption(
  { show }: RuleInput,
  own: LogOptions | undefined,
  option: string,
  text: string,
): string | undefined {
  const known: LogOptions = { ...own, ...COMMON_OPTIONS };
  const kind = Object.hasOwn(known, option) ? known[option] : undefined;
  if (option === SPLUNK_TOKEN || (kind === undefined && isNamedLikeSecret(option, text))) {
    return `must not contain ${option}, because everybody who can list services can read it: ${IN_DAEMON_JSON}`;
  }
  const secret = detectSecret(text);
  if (secret !== undefined) {
    return `must not contain secrets, but the value of ${option} looks like ${secret}: ${IN_DAEMON_JSON}`;
  }
  if (kind === undefined) {
    if (own === undefined) return undefined;
    const meant = findNearest(option, Object.keys(known));
    const hint =
      meant === undefined ? `it has ${Object.keys(own).join(", ")}` : `did you mean ${meant}?`;
    return `must not contain ${JSON.stringify(option)}, which ${show(NAME)} does not have: ${hint}`;
  }
  const rule = checkLogValue(kind, text);
  if (rule !== undefined) return `must have ${rule} as ${option}, not ${JSON.stringify(text)}`;
  return option === "cache-disabled" && text === "true"
    ? "must not contain cache-disabled, because `pulumi up` and `npm run status` read the log of the replicas: remove it"
    : undefined;
}

/** Options that Docker accepts only together with others. */
function checkTogether({ value, name }: RuleInput, driver: string): readonly string[] {
  const options = value(OPTIONS) ?? {};
  const problems: string[] = [];
  if (options["max-buffer-size"] !== undefined && options["mode"] !== "non-blocking") {
    problems.push(
      `${name(OPTIONS)} has max-buffer-size, which needs the mode non-blocking: set mode to non-blocking, or remove max-buffer-size`,
    );
  }
  const isSingleFile = Number(options["max-file"] ?? 1) < 2 || options["max-size"] === undefined;
  if (driver === "json-file" && options["compress"] === "true" && isSingleFile) {
    problems.push(
      `${name(OPTIONS)} has compress, but Docker compresses only complete files: set max-size, and max-file to at least 2, or remove compress`,
    );
  }
  const isCompressed = options["compress"] !== "false";
  if (driver === "local" && options["max-file"] === "1" && isCompressed) {
    problems.push(
      `${name(OPTIONS)} must not have max-file 1 with the driver local, which compresses complete files: set max-file to at least 2, or compress to false`,
    );
  }
  return problems;
}

/** Only a warning, because a node adds the options of its default driver. */
const warnOfMissingOption: Rule = ({ value, show, name }) => {
  const required = REQUIRED_OPTIONS.get(value(NAME) ?? "");
  return required === undefined || value(OPTIONS)?.[required] !== undefined
    ? {}
    : {
        warnings: [
          `${show(NAME)} needs the option ${required}, or no replica can start: set it in ${name(OPTIONS)}, unless /etc/docker/daemon.json on each node has it for this driver`,
        ],
      };
};

/** Rules about the log of the replicas. */
export const LOG_DRIVER_RULES: readonly Rule[] = [requireDriver, checkOptions, warnOfMissingOption];
