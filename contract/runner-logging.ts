/** The severities of gitlab-runner's messages, from the least severe. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** The formats of gitlab-runner's log lines. */
export const LOG_FORMATS = ["runner", "json"] as const;

export type LogFormat = (typeof LOG_FORMATS)[number];
