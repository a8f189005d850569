import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  CreateResponse,
  UpdateResponse,
  type ConfigureResponse,
  type CreateRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { changedState, plannedState, type Properties } from "./properties";
import { onService, type Method } from "./service-hooks";

/** The value that the engine treats as known only after the update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * Handles previews as the official plugin does: for a new runner, the token and GitLab's additions
 * are unknown; a changed runner keeps both. The SDK's plugin server does not support previews.
 * Without this, the engine treats the token of every changed runner as unknown and previews a
 * rotation that does not happen.
 */
export function answerPreviews(): void {
  onService(withPreviews);
}

function withPreviews(service: UntypedServiceImplementation): UntypedServiceImplementation {
  const methods = service as unknown as {
    configure: Method<unknown, ConfigureResponse | null>;
    create: Method<CreateRequest, CreateResponse>;
    update: Method<UpdateRequest, UpdateResponse>;
  };
  const { configure, create, update } = methods;
  methods.configure = (call, callback) => {
    configure.call(service, call, (error, response) => {
      response?.setSupportspreview(true);
      callback(error, response);
    });
  };
  methods.create = (call, callback) => {
    if (!call.request.getPreview()) {
      create.call(service, call, callback);
      return;
    }
    const response = new CreateResponse();
    const inputs = toProperties(call.request.getProperties());
    response.setProperties(toStruct(plannedState(inputs, UNKNOWN)));
    callback(undefined, response);
  };
  methods.update = (call, callback) => {
    if (!call.request.getPreview()) {
      update.call(service, call, callback);
      return;
    }
    const state = toProperties(call.request.getOlds());
    const response = new UpdateResponse();
    response.setProperties(toStruct(changedState(state, toProperties(call.request.getNews()))));
    callback(undefined, response);
  };
  return service;
}

/** The engine's properties, with secrets marked. */
export function toProperties(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, JavaScriptValue>);
}
