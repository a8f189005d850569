import type { PoolStatus, ReplicaStatus } from "./model";
import { describeState } from "./replica-state";

const HEAD = ["SLOT", "NODE", "STATE", "SYSTEM ID", "IMAGE", "RUNNER"];

/** Narrowest that the state's column becomes on a small terminal. */
const MIN_STATE = 20;

const GAP = "  ";
const STATE = 2;

/**
 * Writes the pools as tables.
 * @param width columns of the terminal; longer states are cut to fit. @default no limit, as for a terminal that does not tell (0)
 */
export function renderStatus(pools: readonly PoolStatus[], width?: number): string {
  if (pools.length === 0) return "no pool runs in this swarm\n";
  return pools.map((pool) => renderPool(pool, width)).join("\n");
}

function renderPool(pool: PoolStatus, width: number | undefined): string {
  const { service, gitlabUrl, wanted, replicas } = pool;
  const rows = replicas.map((replica) => cells(replica, pool.gitlabMissing !== undefined));
  return [
    `${service}: ${wanted} replica${wanted === 1 ? "" : "s"} at ${gitlabUrl}`,
    ...(rows.length === 0 ? [] : align([HEAD, ...rows], width)),
    ...(pool.gitlabMissing === undefined
      ? []
      : [`GitLab's side is missing: ${pool.gitlabMissing}`]),
    ...(pool.tokenExpiresAt === undefined ? [] : [`its token expires at ${pool.tokenExpiresAt}`]),
    ...pool.warnings.map((text) => `warning: ${text}`),
    ...pool.problems.map((text) => `problem: ${text}`),
    "",
  ].join("\n");
}

function cells(replica: ReplicaStatus, gitlabMissing: boolean): readonly string[] {
  const { slot, node, state, systemId, image, runner } = replica;
  const draining = state.kind === "draining";
  return [
    slot === undefined ? "-" : String(slot),
    node ?? "-",
    describeState(state),
    systemId,
    image ?? "-",
    runner !== undefined ? String(runner) : gitlabMissing || draining ? "-" : "not in GitLab",
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
