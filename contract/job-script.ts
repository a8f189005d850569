import { detectSecret } from "./looks-like-secret";
import { andThen, type SettingType } from "./settings/type";
import { multiLine } from "./settings/types/multi-line";

/** The maximum size of a script, so that all settings of a replica fit into a variable. */
const MAX_BYTES = 16 * 1024;

const text = multiLine(MAX_BYTES);

/** One line that names a file, as `configTemplate` accepts it. No shell runs the file. */
const FILE = /^\s*@\S[^\n]*\s*$/;

/** A shell script that runs in every job. A message never shows it. */
export const jobScript: SettingType<string> = {
  ...text,
  isHidden: true,
  parse: (written) =>
    andThen(text.parse(written), (script) => {
      if (FILE.test(script)) {
        return {
          problem: 'must be the text of a script, such as "$(cat PATH)" in a shell, not @PATH',
        };
      }
      const secret = detectSecret(script);
      return secret === undefined
        ? { value: script }
        : {
            problem: `must not contain ${secret}: set it as a variable in \`secretEnvironment\`, and use the variable`,
          };
    }),
};
