/** Docker's chains, and rules that jump to them or name its bridges. */
const DOCKERS = /^:DOCKER|\bDOCKER(-[A-Z0-9-]+)?\b|\bdocker0\b|\bdocker_gwbridge\b/;

/** True if the output of `iptables-save` contains Docker's rules. */
export function hasDockerRules(saved: string): boolean {
  return saved.split("\n").some((line) => DOCKERS.test(line));
}

/**
 * The policy of the FORWARD chain in the output of `iptables-save`. @default ACCEPT, the kernel's
 */
export function forwardPolicy(saved: string): string {
  return /^:FORWARD (\w+)/m.exec(saved)?.[1] ?? "ACCEPT";
}

/**
 * The output of `iptables-save` without what an engine added.
 * @param policy FORWARD's policy before the engine started
 */
export function withoutDocker(saved: string, policy: string): string {
  return saved
    .split("\n")
    .filter((line) => !DOCKERS.test(line))
    .map((line) => line.replace(/^:FORWARD \w+/, `:FORWARD ${policy}`))
    .join("\n");
}
