import { AsyncLocalStorage } from "node:async_hooks";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  PropertyDiff,
  type DiffRequest,
  type DiffResponse,
  type ReadRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { toProperties } from "./preview";
import type { Properties } from "./properties";
import { onService, type Method } from "./service-hooks";
import { diffRunner } from "./user-runner";

const readInputs = new AsyncLocalStorage<Properties>();

/** What the program set for the runner that is being read; undefined during an import. */
export function inputsOfRead(): Properties | undefined {
  const inputs = readInputs.getStore() ?? {};
  return Object.keys(inputs).length === 0 ? undefined : inputs;
}

/**
 * Passes the engine the properties that differ, and the plugin what the program set for a runner
 * that is read. The SDK's plugin server does neither. Without this, the engine compares all inputs
 * and reports those that the program does not set.
 */
export function passDetails(): void {
  onService(withDetails);
}

function withDetails(service: UntypedServiceImplementation): UntypedServiceImplementation {
  const methods = service as unknown as {
    diff: Method<DiffRequest, DiffResponse>;
    read: Method<ReadRequest, unknown>;
  };
  const { diff, read } = methods;
  methods.diff = (call, callback) => {
    diff.call(service, call, (error, response) => {
      const { request } = call;
      if (response !== undefined) {
        addDetails(response, toProperties(request.getOlds()), toProperties(request.getNews()));
      }
      callback(error, response);
    });
  };
  methods.read = (call, callback) => {
    readInputs.run(toProperties(call.request.getInputs()), () => {
      read.call(service, call, callback);
    });
  };
  return service;
}

function addDetails(response: DiffResponse, olds: Properties, news: Properties): void {
  const { differing, replaces } = diffRunner(olds, news);
  response.setHasdetaileddiff(true);
  response.setDiffsList([...differing]);
  for (const name of differing) {
    const diff = new PropertyDiff();
    diff.setKind(chooseKind(name in olds, name in news, replaces.includes(name)));
    response.getDetaileddiffMap().set(name, diff);
  }
}

function chooseKind(was: boolean, is: boolean, replaces: boolean): PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
  if (!was) return replaces ? ADD_REPLACE : ADD;
  if (!is) return replaces ? DELETE_REPLACE : DELETE;
  return replaces ? UPDATE_REPLACE : UPDATE;
}
