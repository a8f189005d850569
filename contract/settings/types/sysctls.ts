import { map, type StringMap } from "./map";
import type { SettingType } from "../type";

/** The kernel parameters that Docker can set for one container. */
const NAME =
  /^(?:net\.[\w./-]+|fs\.mqueue\.\w+|kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced|domainname))$/;

/** Kernel parameters of a container, by name. */
export const sysctls: SettingType<StringMap> = map({
  name: (name) =>
    NAME.test(name)
      ? undefined
      : `must name parameters that Docker can set for one container (net.*, fs.mqueue.*, kernel.msg*, kernel.sem and kernel.shm*), not ${JSON.stringify(name)}`,
  value: (name, value) =>
    /^[\x20-\x7e\t]{1,1000}$/.test(value)
      ? undefined
      : `must have a value on one line for each parameter; ${name} has ${JSON.stringify(value)}`,
});
