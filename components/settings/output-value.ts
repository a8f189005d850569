import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../contract/json";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import { parseArgument } from "../../contract/settings/type";
import { explainInvalid } from "../../contract/show-value";
import { asInput, userResourceError } from "../user-error";
import { describeLoopback } from "./check-pool";
import { describeInvalidArguments, describeInvalidValue } from "./problems";

/** Parses and checks the value of an output as soon as it is known. */
export function checkOutput(
  pool: string,
  key: SettingKey,
  output: pulumi.Output<unknown>,
  resource: pulumi.Resource,
): pulumi.Output<unknown> {
  const isSecret = pulumi.isSecret(output);
  return output.apply((written) =>
    asInput(isSecret.then((hidden) => readKnownValue(pool, key, written, hidden, resource))),
  );
}

function readKnownValue(
  pool: string,
  key: SettingKey,
  written: unknown,
  isSecret: boolean,
  resource: pulumi.Resource,
): Promise<unknown> {
  const result = parseOutputValue(key, written, isSecret);
  return "value" in result
    ? Promise.resolve(result.value)
    : Promise.reject(userResourceError(describeInvalidArguments(pool, [result.problem]), resource));
}

/**
 * Parses the value of an output as the argument that it was passed for.
 * @param isSecret whether messages must not show the value
 */
export function parseOutputValue(
  key: SettingKey,
  written: unknown,
  isSecret = false,
): { readonly value: unknown } | { readonly problem: string } {
  const { type } = settingOf(key);
  const parsed = parseArgument(type, written);
  if ("problem" in parsed) {
    return {
      problem: isSecret
        ? `\`${key}\` ${explainInvalid({ type, secret: true }, parsed.problem, written)}`
        : describeInvalidValue(key, { path: key, source: "argument" }, parsed, written).join("; "),
    };
  }
  const problem = findOutputProblem(key, parsed.value, isSecret);
  return problem === undefined ? parsed : { problem: `\`${key}\` ${problem}` };
}

function findOutputProblem(key: SettingKey, value: unknown, isSecret: boolean): string | undefined {
  if (key === "environment" && isSecret) {
    return "must not contain a secret output, because the values are readable in the service: move the variable to `secretEnvironment`";
  }
  const loopback = describeLoopback(key, value);
  if (loopback !== undefined) return loopback;
  return key === "network" && isObject(value) && value["kind"] !== "existing"
    ? "must be the name of an existing network if it is an output: pass the settings of a new network as a plain object"
    : undefined;
}
