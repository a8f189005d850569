import { changeNetwork, CONTAINER, ROLLED, SERVICE, type SettingChange } from "./setting-change";

/** Changes of what the containers of the replicas are attached to: networks, hosts and mounts. */
export const ATTACHMENT_CHANGES: readonly SettingChange[] = [
  {
    ...ROLLED,
    title: "`networks`",
    name: "networks",
    settings: ({ network }) => ({ networks: [network] }),
    properties: { [SERVICE]: ["taskSpec.networksAdvanceds"] },
    replaced: [SERVICE],
    impact: "replaced",
  },
  {
    ...ROLLED,
    title: "`extraHosts`",
    name: "extraHosts",
    settings: () => ({ extraHosts: ["gitlab.example.com:10.0.0.7"] }),
    properties: { [SERVICE]: [`${CONTAINER}.hosts`] },
    replaced: [SERVICE],
    impact: "replaced",
  },
  {
    ...ROLLED,
    title: "`dns`, `dnsSearch` and `dnsOptions`",
    name: "dns",
    settings: () => ({
      dns: ["10.0.0.53"],
      dnsSearch: ["example.com"],
      dnsOptions: ["timeout:1"],
    }),
    properties: {
      [SERVICE]: ["nameservers", "options", "searches"].map(
        (name) => `${CONTAINER}.dnsConfig.${name}`,
      ),
    },
  },
  {
    ...ROLLED,
    title: "`mounts`",
    name: "mounts",
    settings: () => ({ mounts: ["/srv:/srv:ro"] }),
    properties: { [SERVICE]: [`${CONTAINER}.mounts`] },
  },
  changeNetwork("internal", true, "internal"),
  changeNetwork("mtu", 1400, "options"),
];
