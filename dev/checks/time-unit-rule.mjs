import ts from "typescript";

/**
 * A name that ends in one of these words denotes a time: a point in time, a duration or a limit.
 */
const TIMES = [
  ...["age", "deadline", "delay", "duration", "elapsed", "grace", "headroom", "interval"],
  ...["patience", "pause", "period", "silence", "since", "time", "timeout", "until", "wait"],
];

const capital = (word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/**
 * Matches `timeout`, `answerTimeout`, `heardAt` and `ANSWER_TIMEOUT`, but not Docker's own
 * `StopGracePeriod`, which is not ours to name.
 */
const WITHOUT_UNIT = [
  new RegExp(`^(${TIMES.join("|")})$`),
  new RegExp(`^[a-z].*(At|${TIMES.map(capital).join("|")})$`),
  new RegExp(`^([A-Z0-9_]+_)?(${TIMES.map((word) => word.toUpperCase()).join("|")})$`),
];

/**
 * Settings, and an option of `npm run reap`. They keep the names that users write. All are seconds.
 */
const WRITTEN_BY_USERS = ["drainTimeout", "maximumTimeout", "onlineTimeout", "silence"];

/** Requires the name of a number that is a time to end in its unit. */
export const timeUnitRule = {
  meta: { type: "problem", schema: [] },
  create({ sourceCode, report }) {
    const { program, getTypeAtLocation } = sourceCode.parserServices;
    const checker = program.getTypeChecker();
    const isNumber = (node) => {
      const type = checker.getNonNullableType(getTypeAtLocation(node));
      const parts = type.isUnion() ? type.types : [type];
      return parts.every(({ flags }) => (flags & ts.TypeFlags.NumberLike) !== 0);
    };
    const check = (node) => {
      if (node.type !== "Identifier" || WRITTEN_BY_USERS.includes(node.name)) return;
      if (!WITHOUT_UNIT.some((pattern) => pattern.test(node.name)) || !isNumber(node)) return;
      report({ node, message: `\`${node.name}\` is a time: end its name in Ms or Seconds.` });
    };
    const checkKey = ({ key }) => check(key);
    return {
      TSPropertySignature: checkKey,
      PropertyDefinition: checkKey,
      "Program:exit": () => {
        const variables = sourceCode.scopeManager.scopes.flatMap((scope) => scope.variables);
        const definitions = new Set(variables.flatMap(({ defs }) => defs));
        for (const { type, name } of definitions) {
          if (type === "Variable" || type === "Parameter") check(name);
        }
      },
    };
  },
};
