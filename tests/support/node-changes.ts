import { changeNodes, type SettingChange } from "./setting-change";

/** Changes of the nodes on which replicas run, and of what they may use there. */
export const NODE_CHANGES: readonly SettingChange[] = [
  changeNodes({ "placement.constraints": ["node.role==manager"] }, "placement.constraints"),
  changeNodes({ "placement.spread": ["node.labels.zone"] }, "placement.prefs"),
  changeNodes({ "placement.maxPerNode": 4 }, "placement.maxReplicas"),
  changeNodes({ "placement.platforms": ["linux/amd64"] }, "placement.constraints"),
  changeNodes(
    { "resources.limits.memory": "512m", "resources.limits.cpus": 0.5 },
    "resources.limits",
  ),
  changeNodes(
    { "resources.reservations.memory": "64m", "resources.reservations.cpus": 0.1 },
    "resources.reservation",
  ),
  {
    ...changeNodes({ "resources.reservations.generic": { gpu: 2 } }, "resources.reservation"),
    // No node of the platform has such a resource, so the comparison with the nodes is off.
    settings: () => ({ "resources.reservations.generic": { gpu: 2 }, onlineTimeout: "0s" }),
  },
];
