import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ConfigureRequest } from "@pulumi/pulumi/proto/provider_pb";
import { onService, type Method } from "./service-hooks";

/**
 * Intercepts the provider's settings (`baseUrl`, …), which the SDK's plugin server accepts but does
 * not forward.
 * @param keep receives them first; an error that it throws fails the provider
 */
export function onConfigure(keep: (settings: ReadonlyMap<string, string>) => Promise<void>): void {
  onService((service) => listening(service, keep));
}

function listening(
  service: UntypedServiceImplementation,
  keep: (settings: ReadonlyMap<string, string>) => Promise<void>,
): UntypedServiceImplementation {
  const methods = service as unknown as { configure: Method<ConfigureRequest, unknown> };
  const { configure } = methods;
  methods.configure = (call, callback) => {
    const variables = call.request.getVariablesMap().toArray();
    const named = variables.map(([name, value]): [string, string] => [
      name.replace(/^gitlab:config:/, ""),
      value,
    ]);
    keep(new Map(named)).then(
      () => {
        configure.call(service, call, callback);
      },
      (error: unknown) => {
        callback(error);
      },
    );
  };
  return service;
}
