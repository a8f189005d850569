import * as pulumi from "@pulumi/pulumi";

/** A resource that a program declared. */
export interface Declared {
  /** Type and name: `docker:index/secret:Secret::ci-token`. */
  readonly what: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What providers add to a resource's inputs, by type. */
const COMPUTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "random:index/randomId:RandomId": { hex: "0a1b2c3d" },
  "docker:index/registryImage:RegistryImage": { sha256Digest: `sha256:${"d".repeat(64)}` },
  "gitlab:index/userRunner:UserRunner": { token: "glrt-made-by-gitlab" },
};

interface Options {
  /** Whether it is a preview, in which what providers add is not known. @default false */
  readonly preview?: boolean;
  /** Config of the stack, by full key. @default none */
  readonly config?: Readonly<Record<string, string>>;
}

/** Runs a program without an engine and without providers. @returns the resources that it declared, in order of type and name */
export async function declare(
  program: () => unknown,
  { preview = false, config = {} }: Options = {},
): Promise<readonly Declared[]> {
  const declared: Declared[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        declared.push({ what: `${type}::${name}`, inputs: inputs as Declared["inputs"] });
        const computed = preview ? {} : COMPUTED[type];
        return { id: `${name}-id`, state: { ...(inputs as object), ...computed } };
      },
      call: ({ token }) => {
        throw new Error(`no call is expected, and there was one of ${token}`);
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

/** The inputs of one declared resource. @throws Error if there is none */
export function inputsOf(declared: readonly Declared[], what: string): Declared["inputs"] {
  const found = declared.find((one) => one.what === what);
  if (found === undefined) {
    throw new Error(`no ${what} among ${declared.map((one) => one.what).join(", ")}`);
  }
  return found.inputs;
}

/** The value of an output, once it is known. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
