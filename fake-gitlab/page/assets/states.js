/** The style of a status: good, busy, wait, bad, or plain. */
const LOOKS = {
  online: "good",
  offline: "idle",
  stale: "wait",
  never_contacted: "idle",
  paused: "wait",
  created: "idle",
  pending: "wait",
  running: "busy",
  canceling: "wait",
  success: "good",
  failed: "bad",
  canceled: "idle",
  skipped: "idle",
};

/** Shows a status in a pill. */
export function showStatus(pill, status) {
  const text = status.replaceAll("_", " ");
  if (pill.textContent !== text) pill.textContent = text;
  pill.dataset.state = LOOKS[status] ?? "idle";
}
