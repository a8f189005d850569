/**
 * Listens for a second stop signal. entrypoint.sh then sends SIGURG for some seconds, which is safe
 * for a process that does not listen yet. It tells later processes through an argument.
 * @param isForced whether the signal arrived before this process started
 */
export function onForceStop(isForced: boolean, act: () => void): void {
  let acted = false;
  const once = () => {
    if (acted) return;
    acted = true;
    act();
  };
  process.on("SIGURG", once);
  if (isForced) once();
}
