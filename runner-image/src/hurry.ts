import { exists } from "./files";
import type { ReplicaPaths } from "./paths";

/**
 * Listens for a further stop signal. entrypoint.sh sends URG, which does no harm to a process that does not listen yet, and
 * leaves a file for that one.
 */
export function onHurry({ hurry }: Pick<ReplicaPaths, "hurry">, act: () => void): void {
  let hurried = false;
  const once = () => {
    if (hurried) return;
    hurried = true;
    act();
  };
  process.on("SIGURG", once);
  if (exists(hurry)) once();
}
