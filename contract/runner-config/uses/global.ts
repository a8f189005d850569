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
  shutdown_timeout: fixed("A replica in a forced stop has to end within its grace period."),
  user: unfit("The entrypoint passes the user for the image's shell jobs to gitlab-runner."),
} satisfies Record<
  Exclude<RunnerKey, `${"experimental" | "machine" | "runners"}.${string}`>,
  KeyUse
>;
