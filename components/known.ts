import * as pulumi from "@pulumi/pulumi";

/** Members that every output of the SDK has, but its types do not declare. */
interface OutputInternals {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

/**
 * Whether the value of an output is known. In a preview, a value that a provider computes during
 * the update is unknown.
 */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return getInternals(output).isKnown;
}

/**
 * Waits for the value of an output. Whatever uses the promise does not depend on the output's
 * resources.
 */
export function awaitValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

/** Converts the value of an input. A plain value is converted at once and stays plain. */
export function mapInput<A, B>(input: pulumi.Input<A>, convert: (value: A) => B): pulumi.Input<B> {
  if (pulumi.Output.isInstance(input) || input instanceof Promise) {
    return pulumi.output(input).apply((value) => convert(value as A));
  }
  return convert(input);
}

/**
 * Reads a property that a resource may lack. If the resource lacks it, the result is known, even in
 * a preview.
 */
export function readOptionalProperty(
  property: pulumi.Output<string | undefined>,
): pulumi.Output<string | undefined> {
  // A preview reports both a missing property and one that the update computes as unknown. Only the
  // latter has a value here: a placeholder.
  const value = getInternals(property).promise(true);
  return pulumi.output(value.then((found) => (found === undefined ? undefined : property)));
}

function getInternals(output: object): OutputInternals {
  if (!hasInternals(output)) throw new TypeError("this version of @pulumi/pulumi is not supported");
  return output;
}

function hasInternals(output: object): output is OutputInternals {
  return "isKnown" in output && "promise" in output;
}
