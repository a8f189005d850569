import { judgeExisting, judgeSubnet } from "../../../components/pool/judge-network";
import { findNetwork, readNetworks } from "../../../docker-engine/networks";
import type { ObjectReader } from "../../../docker-engine/read-objects";
import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import { network, type NetworkSetting } from "../../../contract/settings/types/network";
import { listPools, nameInSentence, readArgument } from "../pools";
import { failed, passed, warned, type Result } from "../outcome";

interface Verdict {
  readonly kind: "passed" | "warned" | "failed";
  readonly text: string;
}

/** Checks the network of each pool: an existing one, or the subnet of a new one. */
export async function checkNetworks(
  settings: StackSettings,
  engine: ObjectReader,
): Promise<Result<undefined>> {
  const verdicts: Verdict[] = [];
  for (const pool of listPools(settings)) {
    const { kind, text } = await judge(pool, engine);
    verdicts.push({ kind, text: `${nameInSentence(pool, settings)}${text}` });
  }
  const textsOf = (kind: Verdict["kind"]) =>
    verdicts.filter((one) => one.kind === kind).map(({ text }) => text);
  if (textsOf("failed").length > 0) return failed(...textsOf("failed"));
  const warnings = textsOf("warned");
  return warnings.length > 0 ? warned(warnings.join("; ")) : passed(textsOf("passed").join("; "));
}

async function judge(pool: StackPool, engine: ObjectReader): Promise<Verdict> {
  const setting = readSetting(readArgument(pool, "network"));
  if (setting.kind === "existing") {
    const judged = judgeExisting(setting.name, await findNetwork(engine, setting.name));
    return "problem" in judged
      ? { kind: "failed", text: judged.problem }
      : { kind: "passed", text: `${setting.name} is an attachable network of the swarm` };
  }
  const { subnet } = setting;
  const name = pool.args.serviceName;
  if (subnet === undefined) {
    return { kind: "passed", text: `the pool creates ${name}, and Docker chooses its subnet` };
  }
  const verdict = judgeSubnet(name, subnet, await readNetworks(engine));
  if (verdict === undefined) return { kind: "passed", text: `${subnet} is free for ${name}` };
  return { kind: verdict.rejected ? "failed" : "warned", text: verdict.message };
}

/** Reads the setting from a pool's arguments, which are parsed already. */
function readSetting(argument: unknown): NetworkSetting {
  const parsed = network.fromCode?.(argument) ?? network.parse(argument);
  return "value" in parsed ? parsed.value : { kind: "created" };
}
