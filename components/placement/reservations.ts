import { formatBytes } from "../../contract/bytes";
import type { Resources } from "../../docker-engine/resources";

const NANO = 1e9;

/** The settings with which a pool reserves resources. */
export type ReservationKey =
  | "resources.reservations.memory"
  | "resources.reservations.cpus"
  | "resources.reservations.generic";

/** Lists the settings that reserve the given resources. */
export function listReservationKeys(reserved: Resources): readonly ReservationKey[] {
  return listParts(reserved).map(({ key }) => key);
}

/** Such as: 2 GiB of memory (`resources.reservations.memory`). */
export function describeReservations(
  reserved: Resources,
  name: (key: ReservationKey) => string,
): string {
  return listParts(reserved)
    .map(({ key, text }) => `${text} (${name(key)})`)
    .join(" and ");
}

/** Such as: 2 GiB of memory and 0.5 CPUs. */
export function formatResources(reserved: Resources): string {
  return listParts(reserved)
    .map(({ text }) => text)
    .join(" and ");
}

function listParts({
  memoryBytes,
  nanoCpus,
  generic,
}: Resources): readonly { readonly key: ReservationKey; readonly text: string }[] {
  const kinds = Object.entries(generic).filter(([, count]) => count > 0);
  return [
    ...(memoryBytes > 0
      ? ([
          { key: "resources.reservations.memory", text: `${formatBytes(memoryBytes)} of memory` },
        ] as const)
      : []),
    ...(nanoCpus > 0
      ? ([
          {
            key: "resources.reservations.cpus",
            text: `${nanoCpus / NANO} CPU${nanoCpus === NANO ? "" : "s"}`,
          },
        ] as const)
      : []),
    ...(kinds.length > 0
      ? ([
          {
            key: "resources.reservations.generic",
            text: kinds.map(([kind, count]) => `${count} ${kind}`).join(", "),
          },
        ] as const)
      : []),
  ];
}
