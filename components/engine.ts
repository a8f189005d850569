import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as z from "zod/mini";
import type { EngineLocation } from "../docker-engine/address";
import { EngineApi } from "../docker-engine/api";
import { findProviderEngine, type ProviderSettings } from "../docker-engine/provider";
import { pluginEnvironment } from "./environment";
import { isKnown, readOptionalProperty, awaitValue } from "./known";

/** The Docker engine that holds the resources of a component. */
export interface ComponentEngine {
  readonly api: EngineApi;
  /** Known as soon as the engine is. In a preview, its machine may not exist yet. */
  readonly known: pulumi.Output<boolean>;
}

/** The arguments of a provider that select its engine. Each may not be known yet. */
type EngineArgs = {
  readonly [Key in keyof ProviderSettings]: pulumi.Input<ProviderSettings[Key]>;
};

/**
 * Returns the engine of the docker provider that a component gets, or of Pulumi's default provider.
 * The component's resources are created there, so the component reads from the same engine.
 */
export function getEngine(component: pulumi.Resource): ComponentEngine {
  const args = pulumi.output(getEngineArgs(component));
  return {
    api: new EngineApi(() => locate(args)),
    // Certificates are secrets, but whether the engine is known is not.
    known: pulumi.unsecret(args.apply(() => true)),
  };
}

/** Returns the arguments with which another docker provider uses the same engine. */
export function getEngineArgs(component: pulumi.Resource): EngineArgs {
  const provider = findDockerProvider(component);
  return docker.Provider.isInstance(provider) ? readProviderArgs(provider) : readDefaultArgs();
}

/** Finds the docker provider that the program passed to a component or its parent. */
export function findDockerProvider(
  component: pulumi.Resource,
): pulumi.ProviderResource | undefined {
  return component.getProvider("docker:index/service:Service");
}

/** @throws Error if the engine is not known yet or its address is invalid */
async function locate(args: pulumi.Output<ProviderSettings>): Promise<EngineLocation> {
  if (!(await isKnown(args)))
    throw new Error("the Docker engine is not known until the update runs");
  return findProviderEngine(await awaitValue(args), pluginEnvironment());
}

function readProviderArgs(provider: docker.Provider): EngineArgs {
  return {
    host: readOptionalProperty(provider.host),
    context: readOptionalProperty(provider.context),
    certPath: readOptionalProperty(provider.certPath),
    caMaterial: readOptionalProperty(provider.caMaterial),
    certMaterial: readOptionalProperty(provider.certMaterial),
    keyMaterial: readOptionalProperty(provider.keyMaterial),
    // A provider stores non-string properties as JSON. Its types do not show this.
    ...("sshOpts" in provider && pulumi.Output.isInstance<string | undefined>(provider.sshOpts)
      ? { sshOpts: readOptionalProperty(provider.sshOpts).apply(parseSshOpts) }
      : {}),
  };
}

/** Reads the stack's config for Pulumi's default provider. */
function readDefaultArgs(): EngineArgs {
  const config = new pulumi.Config("docker");
  return {
    host: config.get("host"),
    context: config.get("context"),
    certPath: config.get("certPath"),
    caMaterial: config.getSecret("caMaterial"),
    certMaterial: config.getSecret("certMaterial"),
    keyMaterial: config.getSecret("keyMaterial"),
    sshOpts: parseSshOpts(config.get("sshOpts")),
  };
}

const sshOptsSchema = z.array(z.string());

function parseSshOpts(json: string | undefined): string[] | undefined {
  return json === undefined ? undefined : sshOptsSchema.parse(JSON.parse(json));
}
