/** What jobs and services may do on a node. */
export interface DockerRightArgs {
  /**
   * Runs job containers in privileged mode, which gives jobs root access to the node.
   * @default false
   * @example true
   */
  readonly privileged?: boolean | undefined;
  /**
   * Runs the containers of services in privileged mode, for example for Docker-in-Docker. Jobs can
   * then get root access to the node through a service. By default, the value of `privileged`.
   * @example true
   */
  readonly servicesPrivileged?: boolean | undefined;
  /**
   * Patterns of the images that run in privileged mode, with the same syntax as `allowedImages`.
   * Other images run without it. Requires `privileged`. By default, all images.
   * @example ["docker:*"]
   */
  readonly allowedPrivilegedImages?: string | readonly string[] | undefined;
  /**
   * Patterns of the services that run in privileged mode, with the same syntax as `allowedImages`.
   * Other services run without it. Requires `privileged` or `servicesPrivileged`. By default, all
   * services.
   * @example ["docker:*-dind"]
   */
  readonly allowedPrivilegedServices?: string | readonly string[] | undefined;
  /**
   * Linux capabilities that job containers get in addition to Docker's defaults, or `ALL`. The
   * prefix `CAP_` and small letters are accepted. Rejected: unknown names, and names that are also
   * in `capDrop`.
   * @example ["NET_ADMIN"]
   */
  readonly capAdd?: string | readonly string[] | undefined;
  /**
   * Linux capabilities that job containers do not get, or `ALL`. Rejected: unknown names, and
   * names that are also in `capAdd`.
   * @example ["MKNOD", "NET_RAW"]
   */
  readonly capDrop?: string | readonly string[] | undefined;
  /**
   * Security options of job containers: `apparmor=PROFILE`, `label=…`, `no-new-privileges`,
   * `seccomp=…` or `writable-cgroups`. A seccomp profile is `unconfined`, `builtin`, JSON, or the
   * absolute path of a file in the runner image.
   * @example ["no-new-privileges"]
   */
  readonly securityOpt?: string | readonly string[] | undefined;
  /**
   * Security options of the containers of services, in the same form as `securityOpt`.
   * @example ["apparmor=unconfined"]
   */
  readonly servicesSecurityOpt?: string | readonly string[] | undefined;
  /**
   * User who runs jobs in their containers: a name or an ID, with or without `:GROUP`. Jobs cannot
   * change it. By default, the user of the image or of the job.
   * @example "1000:1000"
   */
  readonly user?: string | undefined;
  /**
   * Users that jobs may choose for their containers. Must include `user` in exactly the same form.
   * By default, any user, or only `user` if it is set.
   * @example ["1000:1000", "nobody"]
   */
  readonly allowedUsers?: string | readonly string[] | undefined;
  /**
   * Additional groups of the user in job containers, as names that the image knows or IDs.
   * @example ["docker", "999"]
   */
  readonly groupAdd?: string | readonly string[] | undefined;
  /**
   * Turns off user namespaces for jobs and services, on an engine that remaps users: `host` is the
   * only value. By default, the engine decides.
   * @example "host"
   */
  readonly usernsMode?: "host" | undefined;
  /**
   * Devices of the node that jobs may use, each `PATH`, `PATH:PATH-IN-CONTAINER` or
   * `PATH:PATH-IN-CONTAINER:PERMISSIONS`. Rejected: relative paths.
   * @example ["/dev/kvm", "/dev/sda:/dev/xvda:r"]
   */
  readonly devices?: string | readonly string[] | undefined;
  /**
   * Rules that allow jobs to use kinds of devices: type (`a`, `b` or `c`), major and minor number,
   * and permissions.
   * @example ["c 189:* rwm"]
   */
  readonly deviceCgroupRules?: string | readonly string[] | undefined;
  /**
   * GPUs for jobs: `all`, a number, or options as in `docker run --gpus`. Put options that contain
   * commas in double quotes. Each node that runs a replica needs the GPUs.
   * @example "all"
   */
  readonly gpus?: string | undefined;
  /**
   * GPUs for services, in the same form as `gpus`.
   * @example "1"
   */
  readonly serviceGpus?: string | undefined;
  /**
   * OCI runtime of the containers of jobs and services, such as sysbox-runc, nvidia or runsc. Each
   * node that runs a replica needs it.
   * @example "sysbox-runc"
   */
  readonly runtime?: string | undefined;
}
