/** Keys of config.toml that have no setting. */
export interface TemplateArgs {
  /**
   * Keys of gitlab-runner's config.toml that have no setting: TOML of at most 64 KiB, or `@PATH`
   * for a file, relative to the program's working directory. Runner keys are in `[[runners]]`, as
   * in config.toml. It is not secret. Rejected: unknown keys, values of the wrong type, and keys
   * that a setting or this component sets.
   * @example "[[runners]]\njob_status_final_update_retry_limit = 5"
   */
  readonly configTemplate?: string | undefined;
}
