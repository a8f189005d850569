import { fixed, setting, TEMPLATE, unfit, type KeyUse, type RunnerKey } from "../key-use";

/** Keys outside `[[runners]]`, except those of `[machine]` and `[experimental]`. */
export const GLOBAL_KEYS = {
  check_interval: setting("checkInterval"),
  concurrent: setting("concurrent"),
  connection_max_age: TEMPLATE,
  labels: setting("labels"),
  listen_address: setting("listenAddress"),
  log_field_dual_emit_target: TEMPLATE,
  log_field_schema_version: TEMPLATE,
  log_format: setting("logFormat"),
  log_level: setting("logLevel"),
  sentry_dsn: setting("sentryDsn"),
  "session_server.advertise_address": TEMPLATE,
  "session_server.listen_address": TEMPLATE,
  "session_server.session_timeout": TEMPLATE,
  shutdown_timeout: fixed(
    "A forced stop has a fixed limit. For a normal stop, set `drainTimeout`.",
  ),
  user: unfit(
    "Shell jobs run as the user gitlab-runner of the image. Change that user in your own `baseImage`.",
  ),
} satisfies Record<
  Exclude<RunnerKey, `${"experimental" | "machine" | "runners"}.${string}`>,
  KeyUse
>;
