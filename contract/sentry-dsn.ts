import { checkedString } from "./settings/types/string";

const RULE = "must be a Sentry DSN, such as https://KEY@sentry.example.com/PROJECT";

/** The address of a Sentry project, which contains a key. */
export const sentryDsn = checkedString("URL", (text) => {
  if (!URL.canParse(text) || /\s/.test(text)) return RULE;
  const { protocol, username, hostname, pathname } = new URL(text);
  const isHttp = protocol === "https:" || protocol === "http:";
  return isHttp && username !== "" && hostname !== "" && /\/[^/]+$/.test(pathname)
    ? undefined
    : RULE;
});
