import { MAX_SERVICE_NAME } from "../../contract/swarm";

/** Swarm's rule for the names of services and networks, which become DNS names. */
const DNS_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?$/;

/** Checks the name of a pool's service and network by Swarm's rules. */
export function checkServiceName(name: unknown, source: "config" | "argument"): readonly string[] {
  if (typeof name !== "string") return ["`serviceName` must be a plain string, not an output"];
  const isStack = source === "config";
  const fix = isStack
    ? "choose another name for the project, stack or pool"
    : "pass another `serviceName`";
  const shorter = isStack
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
          `the service name \`${name}\` ${describeDefect(name)}, but Docker Swarm allows only letters, digits, - and _, with a letter or digit at both ends: ${fix}`,
        ]),
  ];
}

function describeDefect(name: string): string {
  const [wrong] = /[^a-zA-Z0-9_-]/u.exec(name) ?? [];
  if (wrong !== undefined) return `contains ${JSON.stringify(wrong)}`;
  return name === ""
    ? "is empty"
    : `begins or ends with ${/^[_-]/.test(name) ? name.slice(0, 1) : name.slice(-1)}`;
}
