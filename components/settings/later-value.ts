import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../contract/json";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { parseArgument } from "../../contract/settings/type";
import { asInput, userResourceError } from "../user-error";
import { loopbackProblem } from "./check-pool";
import { messageWith, wrongValue } from "./problems";

/** The value of an output, once it has been read as the setting that it is for. */
export function checkedOutput(
  pool: string,
  key: SettingKey,
  output: pulumi.Output<unknown>,
  resource: pulumi.Resource,
): pulumi.Output<unknown> {
  const isSecret = pulumi.isSecret(output);
  return output.apply((written) =>
    asInput(isSecret.then((hidden) => readLater(pool, key, written, hidden, resource))),
  );
}

function readLater(
  pool: string,
  key: SettingKey,
  written: unknown,
  isSecret: boolean,
  resource: pulumi.Resource,
): Promise<unknown> {
  const result = laterValue(key, written, isSecret);
  return "value" in result
    ? Promise.resolve(result.value)
    : Promise.reject(userResourceError(messageWith(pool, [result.problem]), resource));
}

/**
 * Reads a value that has become known, as the argument that it is.
 * @param isSecret whether no message may show it
 */
export function laterValue(
  key: SettingKey,
  written: unknown,
  isSecret = false,
): { readonly value: unknown } | { readonly problem: string } {
  const parsed = parseArgument(settingOf(key).type, written);
  if ("problem" in parsed) {
    return {
      problem: isSecret
        ? `\`${key}\` ${parsed.problem}, got [secret]`
        : wrongValue(key, { path: key, place: "argument" }, parsed.problem, written),
    };
  }
  const problem = laterProblem(key, parsed.value);
  return problem === undefined ? parsed : { problem: `\`${key}\` ${problem}` };
}

function laterProblem(key: SettingKey, value: unknown): string | undefined {
  if (key === "gitlabUrl") return loopbackProblem(String(value));
  return key === "network" && isObject(value) && value["kind"] !== "existing"
    ? "must be the name of an existing network if it is an output: pass the settings of a new network as a plain object"
    : undefined;
}
