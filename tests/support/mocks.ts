import * as pulumi from "@pulumi/pulumi";

/** A resource that a program declared. */
export interface Declared {
  /** Type and name: `docker:index/secret:Secret::ci-token`. */
  readonly what: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN and ID of its provider; empty for the default provider. */
  readonly provider: string;
}

/** Outputs that providers add to a resource's inputs, by type. */
const COMPUTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "random:index/randomId:RandomId": { hex: "0a1b2c3d" },
  "docker:index/registryImage:RegistryImage": { sha256Digest: `sha256:${"d".repeat(64)}` },
  "gitlab:index/userRunner:UserRunner": { token: "glrt-made-by-gitlab" },
};

interface Options {
  /**
   * Whether to run a preview, in which the providers' outputs are unknown.
   * @default false
   */
  readonly preview?: boolean;
  /**
   * Additional outputs of the providers, by type.
   * @default nothing
   */
  readonly computed?: typeof COMPUTED;
  /**
   * Config of the stack, by full key.
   * @default none
   */
  readonly config?: Readonly<Record<string, string>>;
  /**
   * Called with each resource at once, also if the program then ends with an error.
   * @default nothing
   */
  readonly onDeclared?: (resource: Declared) => void;
}

/**
 * Runs a program without an engine and without providers.
 * @returns the resources that it declared, in order of type and name
 */
export async function declare(
  program: () => unknown,
  { preview = false, config = {}, computed: more = {}, onDeclared }: Options = {},
): Promise<readonly Declared[]> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider = "" }) => {
        const resource = {
          what: `${type}::${name}`,
          inputs: inputs as Declared["inputs"],
          provider,
        };
        declared.push(resource);
        onDeclared?.(resource);
        const computed = preview ? {} : { ...COMPUTED[type], ...more[type] };
        return { id: `${name}-id`, state: { ...(inputs as object), ...computed } };
      },
      call: ({ token }) => {
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "gitlab-runner-pool",
    "test",
    preview,
  );
  pulumi.runtime.setAllConfig({ ...config });
  await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
  await pulumi.runtime.disconnect();
  return declared
    .filter(({ what }) => !what.startsWith("pulumi:pulumi:Stack"))
    .sort((a, b) => (a.what < b.what ? -1 : 1));
}

/**
 * Returns the inputs of one declared resource.
 * @throws Error if it was not declared
 */
export function inputsOf(declared: readonly Declared[], what: string): Declared["inputs"] {
  const found = declared.find((one) => one.what === what);
  if (found === undefined) {
    throw new Error(`no ${what} among ${declared.map((one) => one.what).join(", ")}`);
  }
  return found.inputs;
}

/** Waits for the value of an output. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
