import { describe, expect, it } from "@jest/globals";
import { settingOf, type SettingKey } from "../../../../contract/settings/keys";
import { problemOf, readValue } from "../../../support/read-value";

describe("settings of nodes", () => {
  it.each<[SettingKey, unknown, unknown]>([
    ["placement.constraints", "node.role == worker, Node.Role==worker", ["node.role==worker"]],
    ["placement.constraints", [], []],
    ["placement.spread", '["node.labels.zone"]', ["node.labels.zone"]],
    ["placement.platforms", ["linux/x86_64", "linux/amd64"], ["linux/amd64"]],
    ["placement.maxPerNode", "3", 3],
    ["resources.limits.memory", "512M", 512 * 1024 ** 2],
    ["resources.limits.cpus", "0.5", 0.5],
    ["resources.reservations.generic", '{"gpu": 2, "SSD": "1"}', { gpu: 2, SSD: 1 }],
    ["resources.reservations.generic", { gpu: 2 }, { gpu: 2 }],
    ["resources.reservations.generic", "gpu=2", { gpu: 2 }],
  ])("accept %s: %j", (key, written, value) => {
    expect(readValue(settingOf(key).type, written)).toEqual(value);
  });

  it.each<[SettingKey, unknown, string]>([
    [
      "placement.constraints",
      ["node.role==worker", "node.role==manager"],
      "must not contain both node.role==worker and node.role==manager, because no node meets both",
    ],
    ["placement.maxPerNode", 0, "must be a whole number from 1 to 1000; unset it for no limit"],
    ["placement.maxPerNode", "many", "must be a whole number from 1 to 1000"],
    ["resources.limits.memory", "512", "must be a size from"],
    ["resources.limits.memory", 512, "must be a size from"],
    ["resources.limits.memory", "1m", "must be a size from"],
    ["resources.limits.cpus", 0, "must be a number from 0.01 to 1024"],
    ["resources.reservations.generic", { gpu: 0 }, '"gpu=0" is not one'],
    ["resources.reservations.generic", { gpu: 1.5 }, '"gpu=1.5" is not one'],
    [
      "resources.reservations.generic",
      { gpu: "UUID1" },
      "request how many the replica needs, because Swarm chooses which",
    ],
    ["resources.reservations.generic", { "a b": 1 }, "must have names of letters"],
    ["resources.reservations.generic", "gpu", "must be an object with whole numbers"],
    ["resources.reservations.generic", [1], "must be an object with whole numbers"],
  ])("reject %s: %j", (key, written, problem) => {
    expect(problemOf(settingOf(key).type, written)).toContain(problem);
  });
});
