import type { Rule, RuleInput } from "./rule";

/** With this feature flag, gitlab-runner creates a network for each job. */
const NETWORK_PER_BUILD = "FF_NETWORK_PER_BUILD";

/** The smallest MTU with which IPv6 works. */
const MIN_IPV6_MTU = 1280;

const separateNetworks: Rule = (settings) => {
  const { value, show } = settings;
  return isOn(settings) && value("docker.networkMode") !== undefined
    ? {
        problems: [
          `${show("docker.networkMode")} and ${show("featureFlags")} are mutually exclusive, because gitlab-runner ignores ${NETWORK_PER_BUILD} if it has a network for all jobs: unset one of them`,
        ],
      }
    : {};
};

const requireFlag: Rule = (settings) => {
  const { value, show, name } = settings;
  const keys = (["docker.networkMtu", "docker.enableIpv6"] as const).filter(
    (key) => value(key) !== undefined && value(key) !== false,
  );
  return isOn(settings)
    ? {}
    : {
        problems: keys.map(
          (key) =>
            `${show(key)} requires the feature flag ${NETWORK_PER_BUILD}, which is false, because it only applies to networks that gitlab-runner creates: set the flag in ${name("featureFlags")}, or unset ${name(key)}`,
        ),
      };
};

const fitIpv6: Rule = ({ value, show }) => {
  const mtu = value("docker.networkMtu");
  return value("docker.enableIpv6") === true && mtu !== undefined && mtu < MIN_IPV6_MTU
    ? {
        problems: [
          `${show("docker.networkMtu")} must be at least ${MIN_IPV6_MTU} with ${show("docker.enableIpv6")}`,
        ],
      }
    : {};
};

/** Docker refuses to set parameters of the node's own network. */
const keepNodeNetwork: Rule = ({ value, name, show }) => {
  const names = Object.keys(value("docker.sysctls") ?? {}).filter((one) => one.startsWith("net."));
  return value("docker.networkMode") === "host" && names.length > 0
    ? {
        problems: [
          `${name("docker.sysctls")} must not set ${names.join(" and ")} with ${show("docker.networkMode")}, because they would apply to the node`,
        ],
      }
    : {};
};

/** Whether gitlab-runner creates a network for each job. */
function isOn({ value }: RuleInput): boolean {
  return value("featureFlags")?.[NETWORK_PER_BUILD] === true;
}

/** Rules about the network of jobs. */
export const DOCKER_NETWORK_RULES: readonly Rule[] = [
  separateNetworks,
  requireFlag,
  fitIpv6,
  keepNodeNetwork,
];
