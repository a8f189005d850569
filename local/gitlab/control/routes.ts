import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod/mini";
import type { FaultBook } from "../faults/book";
import type { Instance } from "../state/instance";
import { digestOf } from "../state/tokens";
import { ControlError } from "./errors";
import { controlMethods } from "./methods";
import { CONTROL_PATH } from "./path";
import { controlSchemas, type ControlName } from "./schemas";
import type { Invoke } from "./controls";

/** Who may use the controls over HTTP: processes of this machine, and whoever has the token. */
export interface ControlAccess {
  readonly token?: string;
}

/** Carries a control out in this process, its parameters checked. */
export function localInvoke(instance: Instance, faults: FaultBook): Invoke {
  const methods = controlMethods(instance, faults);
  return async (name, params) => {
    const checked = controlSchemas[name].safeParse(params);
    if (!checked.success) throw new ControlError(`${name}: ${z.prettifyError(checked.error)}`);
    const method = methods[name] as (checked: unknown) => unknown;
    return await method(checked.data);
  };
}

/** The controls over HTTP: `POST /-/stand-in/control/NAME` with the parameters as JSON. */
export function addControlRoutes(
  app: FastifyInstance,
  instance: Instance,
  faults: FaultBook,
  access: ControlAccess,
): void {
  const invoke = localInvoke(instance, faults);
  app.post<{ Params: { name: string } }>(`${CONTROL_PATH}/:name`, async (request, reply) => {
    if (!mayControl(request, access)) {
      return reply
        .code(403)
        .send({ error: "the controls need the control token (Authorization: Bearer …)" });
    }
    const { name } = request.params;
    if (!isControl(name)) return reply.code(404).send({ error: `there is no control "${name}"` });
    try {
      const result = await invoke(name, request.body ?? {});
      return await reply.send({ result: result ?? null });
    } catch (error) {
      if (!(error instanceof ControlError)) throw error;
      return reply.code(400).send({ error: error.message });
    }
  });
}

function isControl(name: string): name is ControlName {
  return Object.hasOwn(controlSchemas, name);
}

/**
 * A connection within this machine has the same address at both ends, or a loopback one. A web page cannot use that: the
 * controls take JSON only, which a browser sends to another origin only after asking.
 */
function mayControl(request: FastifyRequest, { token }: ControlAccess): boolean {
  const { remoteAddress, localAddress } = request.raw.socket;
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (token !== undefined && bearer !== undefined && sameText(bearer, token)) return true;
  const json = request.headers["content-type"]?.startsWith("application/json") === true;
  return json && remoteAddress !== undefined && remoteAddress === localAddress;
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(a)), Buffer.from(digestOf(b)));
}
