import { normalizePath } from "../../paths";
import { checkedString } from "./string";

/** An absolute path of a folder on the node. */
export const cacheDir = checkedString("path", (text) => {
  const isPath = /^\/[^:\p{Cc}]*$/u.test(text) && !text.split("/").includes("..");
  return isPath && normalizePath(text) !== "/"
    ? undefined
    : "must be an absolute path of a folder other than /, without a colon, such as /srv/gitlab-cache";
});
