import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";

type Callback<T> = (error: unknown, response?: T) => void;

/** A method of the plugin's service in the SDK's server. */
export type Method<Q, A> = (call: { readonly request: Q }, callback: Callback<A>) => void;

/** Lets a function change the plugin's service before the SDK's server registers it. */
export function onService(
  change: (service: UntypedServiceImplementation) => UntypedServiceImplementation,
): void {
  const addService = Object.getOwnPropertyDescriptor(Server.prototype, "addService")
    ?.value as Server["addService"];
  Server.prototype.addService = function (this: Server, definition, implementation) {
    addService.call(this, definition, change(implementation));
  };
}
