import { TEMPLATE, unfit, type KeyUse } from "../key-use";

const otherExecutor = (name: string): KeyUse =>
  unfit(`It belongs to the ${name} executor. Replicas use docker or shell.`);

/** Sections that this project treats as a whole, including their subsections. */
export const WHOLE_SECTIONS = {
  experimental: TEMPLATE,
  machine: otherExecutor("docker+machine"),
  "runners.autoscaler": otherExecutor("docker-autoscaler"),
  "runners.custom": otherExecutor("custom"),
  "runners.instance": otherExecutor("instance"),
  "runners.kubernetes": otherExecutor("kubernetes"),
  "runners.machine": otherExecutor("docker+machine"),
  "runners.parallels": otherExecutor("parallels"),
  "runners.referees": unfit("Referees monitor the machines of the docker+machine executor."),
  "runners.ssh": otherExecutor("ssh"),
  "runners.virtualbox": otherExecutor("virtualbox"),
} satisfies Record<string, KeyUse>;

/** The name of such a section. */
export type WholeSection = keyof typeof WHOLE_SECTIONS;
