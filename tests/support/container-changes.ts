import { CONTAINER, ROLLED, SERVICE, type SettingChange } from "./setting-change";

const LOGINS = { "registry.example.com": { username: "ci", password: "0123456789abcdef" } };

/** Changes of what the container of a replica may do, and of its writable folders. */
export const CONTAINER_CHANGES: readonly SettingChange[] = [
  {
    ...ROLLED,
    title: "`jobRegistries`",
    name: "jobRegistries",
    settings: () => ({ jobRegistries: JSON.stringify(LOGINS) }),
    properties: {
      [SERVICE]: [
        "settings.RUNNER_JOB_REGISTRIES_FILE",
        `${CONTAINER}.mounts`,
        `${CONTAINER}.secrets`,
      ],
    },
    created: ["default-job-registries", "default-job-registries-id"],
  },
  {
    ...ROLLED,
    title: "`capAdd`",
    name: "capAdd",
    settings: () => ({ capAdd: "NET_RAW" }),
    properties: { [SERVICE]: [`${CONTAINER}.capAdds`] },
  },
  {
    ...ROLLED,
    title: "`readOnlyRoot`",
    name: "readOnlyRoot",
    settings: () => ({ readOnlyRoot: false }),
    properties: { [SERVICE]: [`${CONTAINER}.mounts`, `${CONTAINER}.readOnly`] },
  },
];
