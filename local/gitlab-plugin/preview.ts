import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  CreateResponse,
  UpdateResponse,
  type ConfigureResponse,
  type CreateRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** What the engine takes for a value that is known only after the update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Callback<T> = (error: unknown, response: T) => void;
type Method<Q, A> = (call: { readonly request: Q }, callback: Callback<A>) => void;

/**
 * Answers the engine's previews as the official plugin does: a runner that is created has a token that is not known
 * yet, one that is changed keeps its token. The SDK's plugin server has no previews; the engine then takes each token of a
 * changed runner for unknown, and previews a rotation that does not come.
 */
export function answerPreviews(): void {
  const addService = Object.getOwnPropertyDescriptor(Server.prototype, "addService")
    ?.value as Server["addService"];
  Server.prototype.addService = function (this: Server, service, implementation) {
    addService.call(this, service, withPreviews(implementation));
  };
}

function withPreviews(implementation: UntypedServiceImplementation): UntypedServiceImplementation {
  const methods = implementation as unknown as {
    configure: Method<unknown, ConfigureResponse | null>;
    create: Method<CreateRequest, CreateResponse>;
    update: Method<UpdateRequest, UpdateResponse>;
  };
  const { configure, create, update } = methods;
  methods.configure = (call, callback) => {
    configure.call(implementation, call, (error, response) => {
      response?.setSupportspreview(true);
      callback(error, response);
    });
  };
  methods.create = (call, callback) => {
    if (!call.request.getPreview()) {
      create.call(implementation, call, callback);
      return;
    }
    const response = new CreateResponse();
    response.setProperties(withToken(call.request.getProperties(), UNKNOWN));
    callback(undefined, response);
  };
  methods.update = (call, callback) => {
    if (!call.request.getPreview()) {
      update.call(implementation, call, callback);
      return;
    }
    const token = call.request.getOlds()?.toJavaScript()["token"] ?? null;
    const response = new UpdateResponse();
    response.setProperties(withToken(call.request.getNews(), token));
    callback(undefined, response);
  };
  return implementation;
}

/** @param token as the engine gave it: a text, or a text that is marked as secret */
function withToken(properties: Struct | undefined, token: JavaScriptValue): Struct {
  return Struct.fromJavaScript({ ...properties?.toJavaScript(), token });
}
