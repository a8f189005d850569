import { MAX_SERVICE_NAME } from "../../contract/swarm";

/** Swarm's rule for the names of services and networks, which become names in its DNS. */
const DNS_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?$/;

/** Why swarm would refuse the name of a pool's service and network. */
export function serviceNameProblems(
  name: unknown,
  place: "config" | "argument",
): readonly string[] {
  if (typeof name !== "string") return ["`serviceName` must be a plain string, not an output"];
  const isOfStack = place === "config";
  const advice = isOfStack
    ? "choose another name for the project, stack or pool"
    : "pass another `serviceName`";
  const shorter = isOfStack
    ? "choose a shorter name for the stack or pool"
    : "pass a shorter `serviceName`";
  return [
    ...(name.length > MAX_SERVICE_NAME
      ? [
          `the service name \`${name}\` has ${name.length} characters, but Docker Swarm allows at most ${MAX_SERVICE_NAME}: ${shorter}`,
        ]
      : []),
    ...(DNS_NAME.test(name)
      ? []
      : [
          `the service name \`${name}\` ${reason(name)}, but Docker Swarm allows only letters, digits, - and _, with a letter or digit at both ends: ${advice}`,
        ]),
  ];
}

function reason(name: string): string {
  const [wrong] = /[^a-zA-Z0-9_-]/u.exec(name) ?? [];
  if (wrong !== undefined) return `contains ${JSON.stringify(wrong)}`;
  return name === ""
    ? "is empty"
    : `begins or ends with ${/^[_-]/.test(name) ? name.slice(0, 1) : name.slice(-1)}`;
}
