import type { PoolStatus, ReplicaReport } from "./model";
import { describeActivity } from "./replica-activity";

const HEAD = ["SLOT", "NODE", "STATE", "SYSTEM ID", "IMAGE", "RUNNER"];

/** Minimum width of the state column on a small terminal. */
const MIN_STATE = 20;

const GAP = "  ";
const STATE = 2;

/**
 * Formats the pools as tables.
 * @param width columns of the terminal; longer states are shortened to fit
 * @default no limit, also for a terminal whose width is unknown (0)
 */
export function renderStatus(pools: readonly PoolStatus[], width?: number): string {
  if (pools.length === 0) return "no pools in this swarm\n";
  return pools.map((pool) => renderPool(pool, width)).join("\n");
}

function renderPool(pool: PoolStatus, width: number | undefined): string {
  const { service, gitlabUrl, desired, replicas } = pool;
  const rows = replicas.map((replica) => cells(replica, pool.gitlabUnavailable !== undefined));
  return [
    `${service}: ${desired} replica${desired === 1 ? "" : "s"} at ${gitlabUrl}`,
    ...(rows.length === 0 ? [] : align([HEAD, ...rows], width)),
    ...(pool.gitlabUnavailable === undefined
      ? []
      : [`GitLab data unavailable: ${pool.gitlabUnavailable}`]),
    ...(pool.tokenExpiresAt === undefined
      ? []
      : [`runner token expires at ${pool.tokenExpiresAt}`]),
    ...pool.warnings.map((text) => `warning: ${text}`),
    ...pool.problems.map((text) => `problem: ${text}`),
    "",
  ].join("\n");
}

function cells(replica: ReplicaReport, gitlabUnavailable: boolean): readonly string[] {
  const { slot, node, state, systemId, image, runner } = replica;
  const draining = state.kind === "draining";
  return [
    slot === undefined || slot === 0 ? "-" : String(slot),
    node ?? "-",
    describeActivity(state),
    systemId,
    image ?? "-",
    runner !== undefined ? String(runner) : gitlabUnavailable || draining ? "-" : "not in GitLab",
  ];
}

function align(rows: readonly (readonly string[])[], width: number | undefined): readonly string[] {
  const widths = HEAD.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  if (width !== undefined && width > 0) {
    const total = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (HEAD.length - 1);
    const state = widths[STATE] ?? 0;
    widths[STATE] = Math.max(MIN_STATE, Math.min(state, state - (total - width)));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => fit(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function fit(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
