import { checkedList } from "../../lists";
import { matchingString } from "./string";

const NAME = "(?:[a-zA-Z_][a-zA-Z0-9_.-]{0,30}\\$?|\\d{1,10})";
const USER = new RegExp(`^${NAME}(?::${NAME})?$`);
const GROUP = new RegExp(`^${NAME}$`);

/** A user in a container, with or without a group. */
export const containerUser = matchingString(
  "string",
  USER,
  "must be a user name or ID, or USER:GROUP, such as 1000:1000",
);

/** Users in containers. */
export const containerUsers = checkedList((entries) => {
  const wrong = entries.find((entry) => !USER.test(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of user names or IDs, each with or without :GROUP; ${JSON.stringify(wrong)} is not one`;
});

/** Groups in containers. */
export const containerGroups = checkedList((entries) => {
  const wrong = entries.find((entry) => !GROUP.test(entry));
  return wrong === undefined
    ? undefined
    : `must be a list of group names or IDs; ${JSON.stringify(wrong)} is not one`;
});
