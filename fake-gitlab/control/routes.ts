import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import * as z from "zod/mini";
import type { FaultBook } from "../faults/book";
import type { Instance } from "../state/instance";
import { digestToken } from "../state/tokens";
import { ControlError } from "./errors";
import { controlMethods } from "./methods";
import { CONTROL_PATH } from "./path";
import { controlSchemas, type ControlName } from "./schemas";
import type { Invoke } from "./controls";

/**
 * Authorizes the controls over HTTP: they require the token, and without a token they are disabled.
 */
export interface ControlAccess {
  readonly token?: string;
}

/** Executes a control in this process after validating its parameters. */
export function localInvoke(instance: Instance, faults: FaultBook): Invoke {
  const methods = controlMethods(instance, faults);
  return async (name, params) => {
    const checked = controlSchemas[name].safeParse(params);
    if (!checked.success) throw new ControlError(`${name}: ${z.prettifyError(checked.error)}`);
    const method = methods[name] as (checked: unknown) => unknown;
    return await method(checked.data);
  };
}

/** The controls over HTTP: `POST /-/fake-gitlab/control/NAME` with the parameters as JSON. */
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
        .send({ error: "the controls require the control token (Authorization: Bearer …)" });
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
 * The token is required even on this machine: the controls can run any image as a job and create
 * administrator tokens.
 */
function mayControl({ headers }: FastifyRequest, { token }: ControlAccess): boolean {
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
  return token !== undefined && bearer !== undefined && sameText(bearer, token);
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(digestToken(a)), Buffer.from(digestToken(b)));
}
