/** The cases of the contract that are skipped, with the reason. */
export const SKIPPED: Readonly<Record<string, string>> = {
  "ver-13": "GitLab 17 behaved differently; the fake GitLab is a GitLab 19",
  "jrq-61": "a route behind a disabled feature flag, which gitlab-runner does not call",
  "tpc-12": "the newest servers have no second phase: the feature flag is disabled",
  "ins-11": "routes of an admission controller, which neither gitlab-runner nor the pool calls",
};

/** The numbers of all cases of the contract, by family. */
const NUMBERS: Readonly<Record<string, string>> = {
  reg: "02 03 04 05 06 07 08 09 10 11 13 14 16 17 18 20 21 22 23 25 26 27 28",
  ver: "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18",
  rst: "01 02 03 05 07",
  del: "03 04 05 06 07 08 09",
  dlm: "01 02 04 06 07 08 09 10 11 12 13 14 15 16 17",
  jrq: "02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 30 31 32 33 34 35 36 37 38 39 40 42 43 44 45 46 47 48 49 50 51 52 53 54 56 57 59 60 61",
  put: "01 02 04 06 08 10 11 12 13 14 15 16 17 18 19 20 21",
  trc: "01 02 04 05 06 07 08 09",
  art: "02 03 04 06 07 08",
  tpc: "01 02 03 04 05 06 07 09 10 11 12",
  can: "01 02 03 04",
  usr: "01 02 03 05 08 09 10 11 12 14 15 17 18 19 20 21 22 23 24 25",
  lst: "01 02 03 04 05 06 08 10 11 12 13 14 16 17 19 20 21 22 23 24 25 26 28 29 30 31",
  run: "01 02 03 04 05 06 07 08 09 10 12 13 14 15 16 17 22 23 24 25 26 29 30 31",
  mgr: "01 02 03 05 06 07 08",
  jbs: "01 02 03 04 05 06 09 10 11 12 13 14 15 17",
  not: "01 02 03 05 06 07 08 11 12 13 14 15 18 19 20 21 22 23 24",
  ins: "02 03 06 07 08 09 10 11",
  tim: "01 02 03 04 05 06 07",
};

/** The IDs of all cases of the contract, such as `reg-02`. */
export const CONTRACT: readonly string[] = Object.entries(NUMBERS).flatMap(([family, numbers]) =>
  numbers.split(" ").map((number) => `${family}-${number}`),
);
