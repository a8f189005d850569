import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** Imports that would turn the layering of the folders upside down. */
const forbidImports = (...groups) => ({
  "no-restricted-imports": [
    "error",
    { patterns: groups.map((group) => ({ group: [group].flat() })) },
  ],
});

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      ".local/",
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
    files: ["contract/**"],
    rules: forbidImports("@pulumi/*", "**/components/**", "**/local/**", [
      "node:*",
      "!node:crypto",
    ]),
  },
  {
    files: ["components/**"],
    rules: forbidImports("**/index.js", "**/runner-image/**", "**/local/**"),
  },
  {
    files: ["runner-image/src/**"],
    rules: forbidImports("@pulumi/*", "**/components/**", "**/local/**"),
  },
  {
    files: ["**/*.js", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@typescript-eslint/no-require-imports": "off" },
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
    files: ["local/gitlab/page/assets/*.js"],
    rules: { "@typescript-eslint/explicit-module-boundary-types": "off" },
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
);
