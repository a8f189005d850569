import { checkedList } from "../../lists";

const PATH = String.raw`\/[^:\s]+`;

const DEVICE = new RegExp(`^${PATH}(?::${PATH}(?::(?=[rwm]{1,3}$)r?w?m?)?)?$`);

/** Devices of the node: `/dev/x`, `/dev/x:/dev/y` or `/dev/x:/dev/y:rwm`. */
export const devices = checkedList((entries) => {
  const wrong = entries.find((entry) => !DEVICE.test(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of PATH, PATH:PATH or PATH:PATH:PERMISSIONS with absolute paths and the permissions r, w and m, such as /dev/kvm or /dev/sda:/dev/xvda:r; ${JSON.stringify(wrong)} is not one`;
});

const RULE = /^[abc] (?:\d{1,10}|\*):(?:\d{1,10}|\*) (?=[rwm]{1,3}$)r?w?m?$/;

/** Rules of the devices cgroup, such as `c 42:* rmw`. */
export const deviceCgroupRules = checkedList((entries) => {
  const wrong = entries.find((entry) => !RULE.test(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of TYPE MAJOR:MINOR PERMISSIONS, such as "c 189:* rwm"; ${JSON.stringify(wrong)} is not one`;
});
