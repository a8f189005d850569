import { isObject } from "../../contract/json";

/** An error of Node.js. */
export interface RootCause {
  readonly name: string;
  /** Such as `ECONNREFUSED`; empty if there is none. */
  readonly code: string;
  readonly message: string;
}

/** Finds the error of Node.js in an error of a client. */
export function findRootCause(error: unknown): RootCause {
  if (!isObject(error)) return { name: "", code: "", message: String(error) };
  const { cause, errors, name, code, message } = error;
  if (cause !== undefined) return findRootCause(cause);
  // One error for each address of the host.
  if (Array.isArray(errors) && errors.length > 0) return findRootCause(errors[0]);
  return {
    name: typeof name === "string" ? name : "",
    code: typeof code === "string" ? code : "",
    message: typeof message === "string" && message !== "" ? message : String(code),
  };
}

/** Whether a timeout ended a request. */
export function isTimeout({ name }: RootCause): boolean {
  return name === "AbortError" || name === "TimeoutError";
}

/** Whether a host name cannot be resolved. */
export function isUnresolved({ code }: RootCause): boolean {
  return ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA"].includes(code);
}
