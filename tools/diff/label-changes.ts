import { REGISTRY_LOGIN_LABEL } from "../../contract/swarm";
import type { Change } from "./changes";
import type { Step } from "./preview";
import { propertyAt } from "./properties";

/** The property of a service with its labels. Their order has no meaning. */
export const LABELS = "labels";

/** Lists the changes of a service's labels. */
export function labelChanges({ oldState, newState }: Step): readonly Change[] {
  const [before, after] = [readLabels(oldState?.inputs), readLabels(newState?.inputs)];
  const added = listOnly(after, before);
  const removed = listOnly(before, after);
  const isLogin = ([label]: Label) => label === REGISTRY_LOGIN_LABEL;
  const own = (labels: readonly Label[]) =>
    labels.filter((label) => !isLogin(label)).map((label) => label.join("="));
  const isOwnChanged = own(added).length + own(removed).length > 0;
  return [
    ...([...added, ...removed].some(isLogin) ? [{ kind: "registry login" as const }] : []),
    ...(isOwnChanged
      ? [
          {
            kind: "list" as const,
            setting: "serviceLabels",
            added: own(added),
            removed: own(removed),
          },
        ]
      : []),
  ];
}

type Label = readonly [label: string, value: string];

function readLabels(inputs: Readonly<Record<string, unknown>> | undefined): readonly Label[] {
  const labels = propertyAt(inputs, LABELS);
  if (!Array.isArray(labels)) return [];
  return labels.map((one: unknown) => [
    String(propertyAt(one, "label")),
    String(propertyAt(one, "value")),
  ]);
}

function listOnly(these: readonly Label[], others: readonly Label[]): readonly Label[] {
  return these.filter(([label, value]) => !others.some(([l, v]) => l === label && v === value));
}
