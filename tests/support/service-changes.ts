import { NOTHING, ROLLED, SERVICE, type SettingChange } from "./setting-change";

/** Changes of settings that only describe the swarm service. */
export const SERVICE_CHANGES: readonly SettingChange[] = [
  {
    ...NOTHING,
    authentication: "supplied token",
    title: "`update`",
    name: "update",
    settings: () => ({
      "update.parallelism": 1,
      "update.delay": "10s",
      "update.order": "stop-first",
      "update.failureAction": "pause",
      "update.monitor": "30s",
      "update.maxFailureRatio": 0.2,
    }),
    properties: {
      [SERVICE]: [
        "rollbackConfig.order",
        "rollbackConfig.parallelism",
        "updateConfig.delay",
        "updateConfig.failureAction",
        "updateConfig.maxFailureRatio",
        "updateConfig.monitor",
        "updateConfig.order",
        "updateConfig.parallelism",
      ],
    },
    impact: "untouched",
  },
  {
    ...ROLLED,
    title: "`logDriver`",
    name: "logDriver",
    settings: () => ({
      "logDriver.name": "local",
      "logDriver.options": { "max-size": "10m", "max-file": "3" },
    }),
    properties: { [SERVICE]: ["taskSpec.logDriver"] },
  },
  {
    ...NOTHING,
    authentication: "supplied token",
    title: "`serviceLabels`",
    name: "serviceLabels",
    settings: () => ({ serviceLabels: '{"com.example.team": "build", "backup": "no"}' }),
    properties: { [SERVICE]: ["labels[1]", "labels[2]"] },
    impact: "untouched",
  },
];
