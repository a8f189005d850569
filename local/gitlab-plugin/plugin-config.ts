import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";

/**
 * Hears the provider's settings (`baseUrl`, …), which the SDK's plugin server takes without passing them on: its
 * service is given a configure call that keeps them first.
 */
export function onConfigure(keep: (settings: ReadonlyMap<string, string>) => void): void {
  const addService = Object.getOwnPropertyDescriptor(Server.prototype, "addService")
    ?.value as Server["addService"];
  Server.prototype.addService = function (this: Server, service, implementation) {
    addService.call(this, service, listening(implementation, keep));
  };
}

function listening(
  implementation: UntypedServiceImplementation,
  keep: (settings: ReadonlyMap<string, string>) => void,
): UntypedServiceImplementation {
  const configure = implementation["configure"] as (call: unknown, callback: unknown) => void;
  implementation["configure"] = (
    call: { readonly request: ConfigureRequest },
    callback: unknown,
  ) => {
    const settings = call.request.getVariablesMap().toArray();
    keep(new Map(settings.map(([name, value]) => [name.replace(/^gitlab:config:/, ""), value])));
    configure.call(implementation, call, callback);
  };
  return implementation;
}
