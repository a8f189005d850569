import { SECRET_END, SECRET_WORD } from "../../contract/secret-names";

/** The start of a value that is not a reference, after optional quotes. */
export const VALUE = String.raw`\\?["']?[^\s"'$\\]`;

/** Words of the same line. */
const LINE = String.raw`\s(?:[^\n]{0,200}\s)?`;

/** Commands that read a secret from standard input. */
const READERS = String.raw`(?:--password-stdin|--with-token|--passphrase-fd|\bchpasswd|\bsudo\s+-S)`;

/** The start of a pair such as `user:password`, up to the separator. */
const pair = (separator: string) => String.raw`\s{0,9}["']?[^\s"'${separator}]{0,100}${separator}`;

/** Parts of command lines that contain a secret, in any case. */
const ANY_CASE: readonly string[] = [
  String.raw`\blogin${LINE}-p\s{0,9}(?!-)${VALUE}`,
  String.raw`\blogin\s+\S{1,100}\s+password\s+${VALUE}`,
  String.raw`\b(?:login|register)${LINE}-[rt]\s{1,9}(?!-)${VALUE}`,
  String.raw`\bsshpass\s+-p\s{0,9}${VALUE}`,
  String.raw`\b(?:mysql|mariadb)\w*${LINE}-p${VALUE}`,
  String.raw`\bvault\s{1,9}login\s{1,9}(?!-)${VALUE}`,
  String.raw`\brclone\s{1,9}obscure\s{1,9}(?!-)${VALUE}`,
  String.raw`\bxfreerdp${LINE}\/p:${VALUE}`,
  String.raw`(?:^|\s)-(?:store|key)pass\s{1,9}${VALUE}`,
  String.raw`--(?:\w{1,9}-)?creds(?:=|\s)${pair(":")}${VALUE}`,
  String.raw`(?:\bsqlplus\s{1,9}(?:-\w{1,9}\s{1,9})?|\bjdbc:oracle:\w{1,10}:)["']?[^\s/@"']{1,100}\/${VALUE}`,
  String.raw`\bconfig(?:ure)?\s{1,9}set\s{1,9}(?!credential)\S{0,100}(?:${SECRET_WORD}|_auth)\S{0,40}\s{1,9}${VALUE}`,
  String.raw`\bconfig\s{1,9}(?:--\w{1,20}\s{1,9})?(?:pypi-token\.\S{1,100}|http-basic\.\S{1,100}\s{1,9}\S{1,100})\s{1,9}${VALUE}`,
  String.raw`\bbundle\s{1,9}config\s[^\n]{0,200}\s[^\s:"']{1,100}:(?!\/)${VALUE}`,
  String.raw`\bmc\s{1,9}alias\s{1,9}set\s{1,9}(?:\S{1,200}\s{1,9}){3}${VALUE}`,
  String.raw`\bcreate\s{1,9}secret${LINE}--from-literal[=\s]["']?[^\s=]{1,100}=${VALUE}`,
  // An option and its value in a JSON list
  String.raw`--?(?:[\w-]{0,40}[_-])?(?:${SECRET_WORD}|${SECRET_END})["']\s{0,9},\s{0,9}${VALUE}`,
];

/** Parts of command lines in which the case of an option matters. */
const SAME_CASE: readonly string[] = [
  String.raw`\b(?:echo|printf)\s[^|\n$]{1,200}\|[^\n]{0,200}${READERS}`,
  String.raw`${READERS}[^\n|]{0,200}<<<\s{0,9}${VALUE}`,
  String.raw`\bcurl${LINE}(?:-[a-zA-Z]{0,9}[uU]|--user|--proxy-user)${pair(":")}(?!\/\/)${VALUE}`,
  String.raw`\bcurl${LINE}(?:-b|--cookie)\s{0,9}["']?[\w-]{1,100}=${VALUE}`,
  String.raw`\bcurl${LINE}--oauth2-bearer\s{1,9}${VALUE}`,
  String.raw`\bhttps?${LINE}-a${pair(":")}(?!\/\/)${VALUE}`,
  String.raw`\blftp${LINE}-u${pair(",")}${VALUE}`,
  String.raw`\bsmbclient${LINE}-U${pair("%")}${VALUE}`,
  String.raw`\bredis-cli${LINE}-a\s{0,9}${VALUE}`,
  String.raw`\bldap\w{1,10}${LINE}-w\s{0,9}${VALUE}`,
  String.raw`\b(?:sqlcmd|bcp|zip|unzip)${LINE}-P\s{0,9}${VALUE}`,
  String.raw`\b(?:mongo\w{0,20}|twine|plink|pscp)${LINE}-p\s{1,9}(?!-)${VALUE}`,
  String.raw`\b7za?${LINE}-p${VALUE}`,
];

/** Command lines with a secret. A dollar sign is a reference. */
export const SECRET_COMMANDS: readonly RegExp[] = [
  ...ANY_CASE.map((pattern) => new RegExp(pattern, "i")),
  ...SAME_CASE.map((pattern) => new RegExp(pattern)),
];
