import { judgeExisting, judgeSubnet } from "../../../components/pool/judge-network";
import { findNetwork, readNetworks, type Network } from "../../../docker-engine/networks";
import type { ObjectReader } from "../../../docker-engine/read-objects";
import type { StackPool, StackSettings } from "../../../stack/stack-settings";
import {
  network,
  networkNames,
  type NetworkSetting,
} from "../../../contract/settings/types/network";
import { listPools, nameInSentence, nameSetting, readArgument } from "../pools";
import { failed, passed, warned, type Result } from "../outcome";

interface Verdict {
  readonly kind: "passed" | "warned" | "failed";
  readonly text: string;
}

/** Checks the networks of each pool: existing ones, and the subnet of a new one. */
export async function checkNetworks(
  settings: StackSettings,
  engine: ObjectReader,
): Promise<Result<undefined>> {
  const verdicts: Verdict[] = [];
  for (const pool of listPools(settings)) {
    for (const { kind, text } of [await judge(pool, engine), ...(await judgeMore(pool, engine))]) {
      verdicts.push({ kind, text: `${nameInSentence(pool, settings)}${text}` });
    }
  }
  const textsOf = (kind: Verdict["kind"]) =>
    verdicts.filter((one) => one.kind === kind).map(({ text }) => text);
  if (textsOf("failed").length > 0) return failed(...textsOf("failed"));
  const warnings = textsOf("warned");
  return warnings.length > 0 ? warned(warnings.join("; ")) : passed(textsOf("passed").join("; "));
}

/** Judges the further networks of a pool. */
async function judgeMore(pool: StackPool, engine: ObjectReader): Promise<readonly Verdict[]> {
  const parsed = networkNames.parse(readArgument(pool, "networks") ?? []);
  const names = "value" in parsed ? parsed.value : [];
  return Promise.all(
    names.map(async (name) => judgeOne("networks", pool, name, await findNetwork(engine, name))),
  );
}

function judgeOne(
  setting: "network" | "networks",
  pool: StackPool,
  name: string,
  found: Network | undefined,
): Verdict {
  const judged = judgeExisting(setting, (key) => nameSetting(pool, key), name, found);
  return "problem" in judged
    ? { kind: "failed", text: judged.problem }
    : { kind: "passed", text: `${name} is an attachable network of the swarm` };
}

async function judge(pool: StackPool, engine: ObjectReader): Promise<Verdict> {
  const setting = readSetting(readArgument(pool, "network"));
  if (setting.kind === "existing") {
    return judgeOne("network", pool, setting.name, await findNetwork(engine, setting.name));
  }
  const { subnet } = setting;
  const name = pool.args.serviceName;
  if (subnet === undefined) {
    return { kind: "passed", text: `the pool creates ${name}, and Docker chooses its subnet` };
  }
  const networks = await readNetworks(engine);
  const verdict = judgeSubnet(nameSetting(pool, "network"), name, subnet, networks);
  if (verdict === undefined) return { kind: "passed", text: `${subnet} is free for ${name}` };
  return { kind: verdict.rejected ? "failed" : "warned", text: verdict.message };
}

/** Reads the setting from a pool's arguments, which are parsed already. */
function readSetting(argument: unknown): NetworkSetting {
  const parsed = network.fromCode?.(argument) ?? network.parse(argument);
  return "value" in parsed ? parsed.value : { kind: "created" };
}
