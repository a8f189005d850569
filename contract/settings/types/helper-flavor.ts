import { matchingString } from "./string";

/** The base of gitlab-runner's own helper image. */
export const helperFlavor = matchingString(
  "string",
  /^(?:alpine(?:\d+\.\d+|-latest)?|ubuntu|ubi-fips)(?:-pwsh)?$/,
  "must be alpine, alpine and a version such as alpine3.21, alpine-latest, ubuntu or ubi-fips",
);
