import { rejectSecret } from "./looks-like-secret";
import { andThen, type SettingType } from "./settings/type";
import { map, type StringMap } from "./settings/types/map";

/** gitlab-runner's and GitLab's own limits. */
const MAX_LABELS = 32;
const NAME = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{2,64}$/;
const VALUE = /^[a-zA-Z0-9._-]{1,256}$/;

/** What users may look for, since Docker has labels, too. */
const ELSEWHERE = "; labels of the swarm service are `serviceLabels`";

const labels = map({
  name: (name) =>
    NAME.test(name)
      ? undefined
      : `must have names of 3 to 65 letters, digits, dots, underscores and hyphens, and ${JSON.stringify(name)} is not one${ELSEWHERE}`,
  value: (name, value) =>
    VALUE.test(value)
      ? rejectSecret(name, value, "remove it, because GitLab shows labels")
      : `must have values of 1 to 256 letters, digits, dots, underscores and hyphens, and the value of ${name} is not one${ELSEWHERE}`,
});

/** Labels of a runner manager. */
export const runnerLabels: SettingType<StringMap> = {
  ...labels,
  parse: (written) =>
    andThen(labels.parse(written), (value) => {
      const count = Object.keys(value).length;
      return count > MAX_LABELS
        ? { problem: `must have at most ${MAX_LABELS} labels; it has ${count}` }
        : { value };
    }),
};
