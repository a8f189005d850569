import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";
import { timeUnitRule } from "./dev/checks/time-unit-rule.mjs";
import { importRule } from "./dev/rooms/import-rule.mjs";

/** The rooms in which the name of a duration must end with its unit. */
const PRODUCT = [
  ...[
    "components",
    "contract",
    "docker-engine",
    "gitlab-api",
    "http",
    "pulumi-cli",
    "stack",
    "tools",
  ],
  "runner-image/src",
].map((room) => `${room}/**/*.ts`);

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      ".local/",
      "dist/",
      "runner-image/dist/",
      "coverage/",
      ".cache/",
      "bench/manual/",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "no-console": "error",
    },
  },
  {
    plugins: { rooms: { rules: { imports: importRule } } },
    rules: { "rooms/imports": "error" },
  },
  {
    files: PRODUCT,
    plugins: { times: { rules: { unit: timeUnitRule } } },
    rules: { "times/unit": "error" },
  },
  {
    files: ["components/**", "docker-engine/**", "gitlab-api/**", "http/**", "contract/**"],
    ignores: ["components/environment.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Use pluginEnvironment()." },
        { object: "process", property: "cwd", message: "A library must work in any folder." },
      ],
    },
  },
  {
    // The path of a build context is relative to the program's folder, where the provider starts.
    // So this file needs `process.cwd()`.
    files: ["components/image/package-context.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Use pluginEnvironment()." },
      ],
    },
  },
  {
    files: ["runner-image/src/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "Date",
          property: "now",
          message: "Measure durations with monotonicMs of clock.ts.",
        },
        {
          object: "AbortSignal",
          property: "timeout",
          message: "Its timer does not keep Node.js running.",
        },
      ],
    },
  },
  { files: ["runner-image/src/system/clock.ts"], rules: { "no-restricted-properties": "off" } },
  // A separate project, whose packages are not installed here.
  { files: ["examples/library/**"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["**/*.js", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "off",
      "@typescript-eslint/no-require-imports": "off",
    },
    languageOptions: {
      globals: {
        __dirname: "readonly",
        exports: "writable",
        module: "writable",
        process: "readonly",
        require: "readonly",
      },
    },
  },
  {
    files: ["fake-gitlab/page/assets/*.js"],
    languageOptions: {
      globals: {
        document: "readonly",
        window: "readonly",
        location: "readonly",
        history: "readonly",
        EventSource: "readonly",
        setInterval: "readonly",
      },
    },
  },
  prettier,
  {
    // prettier wraps code but not comments, and its config above turns this rule off.
    rules: { "max-len": ["error", { code: 10_000, comments: 100, ignoreUrls: true }] },
  },
);
