import * as pulumi from "@pulumi/pulumi";

/** What the SDK has on every output; only its types leave it out. */
interface Insides {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

/**
 * Whether the value of an output is known: in a preview, what a provider is going to fill in is
 * not.
 */
export function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  return insidesOf(output).isKnown;
}

/**
 * Waits for the value of an output, without what depends on it being seen to depend on the output's
 * resources.
 */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}

/** Makes something of an input's value: at once where it is known, so that it stays plain. */
export function mapInput<A, B>(input: pulumi.Input<A>, make: (value: A) => B): pulumi.Input<B> {
  if (pulumi.Output.isInstance(input) || input instanceof Promise) {
    return pulumi.output(input).apply((value) => make(value as A));
  }
  return make(input);
}

/** A property of a resource that may have none: a preview, too, knows that it has none. */
export function optionalProperty(
  property: pulumi.Output<string | undefined>,
): pulumi.Output<string | undefined> {
  // A preview calls neither known: what the resource does not have, and what is going to be filled
  // in.
  const value = insidesOf(property).promise(true);
  return pulumi.output(value.then((found) => (found === undefined ? undefined : property)));
}

function insidesOf(output: object): Insides {
  if (!hasInsides(output)) throw new TypeError("this version of @pulumi/pulumi is not supported");
  return output;
}

function hasInsides(output: object): output is Insides {
  return "isKnown" in output && "promise" in output;
}
