import * as pulumi from "@pulumi/pulumi";

/**
 * A runner that a user creates in GitLab. GitLab shows its authentication token only at creation.
 */
export declare class UserRunner extends pulumi.CustomResource {
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: UserRunnerState,
    opts?: pulumi.CustomResourceOptions,
  ): UserRunner;
  static isInstance(obj: unknown): obj is UserRunner;
  readonly accessLevel: pulumi.Output<string>;
  readonly description: pulumi.Output<string>;
  readonly groupId: pulumi.Output<number | undefined>;
  readonly locked: pulumi.Output<boolean>;
  readonly maintenanceNote: pulumi.Output<string | undefined>;
  readonly maximumTimeout: pulumi.Output<number>;
  readonly paused: pulumi.Output<boolean>;
  readonly projectId: pulumi.Output<number | undefined>;
  readonly runnerType: pulumi.Output<string>;
  readonly tagLists: pulumi.Output<string[]>;
  /** The runner's authentication token. */
  readonly token: pulumi.Output<string>;
  readonly untagged: pulumi.Output<boolean>;
  constructor(name: string, args: UserRunnerArgs, opts?: pulumi.CustomResourceOptions);
}

export interface UserRunnerArgs {
  /** `not_protected` or `ref_protected`. */
  accessLevel?: pulumi.Input<string>;
  description?: pulumi.Input<string>;
  /** Required for `group_type`. */
  groupId?: pulumi.Input<number>;
  /** Lock the runner to its projects. */
  locked?: pulumi.Input<boolean>;
  maintenanceNote?: pulumi.Input<string>;
  /** Maximum job duration in seconds, at least 600. */
  maximumTimeout?: pulumi.Input<number>;
  /** Assign no new jobs to the runner. */
  paused?: pulumi.Input<boolean>;
  /** Required for `project_type`. */
  projectId?: pulumi.Input<number>;
  /** `instance_type`, `group_type` or `project_type`. */
  runnerType: pulumi.Input<string>;
  tagLists?: pulumi.Input<pulumi.Input<string>[]>;
  /** Run untagged jobs. */
  untagged?: pulumi.Input<boolean>;
}

export interface UserRunnerState extends Partial<UserRunnerArgs> {
  token?: pulumi.Input<string>;
}
