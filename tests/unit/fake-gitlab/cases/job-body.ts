import { has, like, NUMBER, OF_PROJECT, TEXT, cases, type World } from "./world";

const call = "POST /jobs/request";

type Job = Parameters<World["job"]>[0];
type Runner = Parameters<World["controls"]["createRunner"]>[0];

/** The body of the response that assigns a job. */
async function body(
  gitlab: World,
  job: Job = {},
  runner: Runner = {},
): Promise<Readonly<Record<string, unknown>>> {
  await gitlab.job(job);
  const { token } = await gitlab.controls.createRunner(runner);
  return (await gitlab.poll(token)).json as Record<string, unknown>;
}

async function info(gitlab: World, runner: Runner, others = 0): Promise<unknown> {
  const { token } = await gitlab.controls.createRunner({});
  for (let n = 0; n < others; n += 1) {
    await gitlab.job();
    await gitlab.poll(token);
  }
  const job = await body(gitlab, {}, runner);
  const { job_info } = job as { job_info: Record<string, unknown> };
  return job_info["project_jobs_running_on_instance_runners_count"];
}

/**
 * Runs a first job, with or without artifacts.
 * @returns its description in the body of a job that needs it
 */
async function dependency(gitlab: World, withArtifacts: boolean): Promise<unknown> {
  const { jobId, jobToken } = await gitlab.running({ name: "first" });
  if (withArtifacts) {
    const content = Buffer.from("zip");
    const artifact = { filename: "a.zip", type: "archive", format: "zip", content };
    gitlab.instance.jobs.get(jobId)?.artifacts.push(artifact);
  }
  await gitlab.status(`PUT /jobs/${jobId}`, { token: jobToken, state: "success" });
  return (await body(gitlab, { needs: [jobId] }))["dependencies"];
}

const ARTIFACTS = { paths: ["out/"] };

/** The body of a job's 201. */
export const jobBodyCases = cases([
  {
    id: "jrq-11",
    call,
    given: "the job information",
    observe: async (gitlab) => (await body(gitlab, { name: "build", stage: "first" }))["job_info"],
    expected: has({
      id: 1,
      name: "build",
      stage: "first",
      project_id: 1,
      project_name: "demo",
      project_full_path: "ci/demo",
    }),
  },
  {
    id: "jrq-12",
    call,
    given: "the Git information",
    observe: async (gitlab) => (await body(gitlab))["git_info"],
    expected: has({
      repo_url: like(/ci\/demo\.git$/),
      ref: "main",
      sha: like(/^[0-9a-f]{40}$/),
      before_sha: like(/^[0-9a-f]{40}$/),
      ref_type: "branch",
      depth: 20,
      repo_object_format: "sha1",
    }),
  },
  {
    id: "jrq-13",
    call,
    given: "the refs to fetch",
    observe: async (gitlab) =>
      ((await body(gitlab))["git_info"] as { refspecs: readonly string[] }).refspecs,
    expected: ["+refs/pipelines/1:refs/pipelines/1", "+refs/heads/main:refs/remotes/origin/main"],
  },
  {
    id: "jrq-14",
    call,
    given: "a script and an after_script",
    observe: async (gitlab) =>
      (await body(gitlab, { script: ["one"], afterScript: ["two"] }))["steps"],
    expected: [
      has({ name: "script", script: ["one"], when: "on_success", allow_failure: false }),
      has({ name: "after_script", script: ["two"], when: "always", allow_failure: true }),
    ],
  },
  {
    id: "jrq-15",
    call,
    given: "variables",
    observe: async (gitlab) => {
      const job = await body(gitlab, { name: "build", stage: "first" });
      const variables = job["variables"] as readonly { key: string }[];
      return variables.filter(({ key }) => ["CI_JOB_NAME", "CI_JOB_STAGE"].includes(key));
    },
    expected: [
      { key: "CI_JOB_NAME", value: "build", public: true, masked: false },
      { key: "CI_JOB_STAGE", value: "first", public: true, masked: false },
    ],
  },
  {
    id: "jrq-16",
    call,
    given: "features",
    observe: async (gitlab) => {
      const features = (await body(gitlab))["features"] as Record<string, unknown>;
      const reasons = features["failure_reasons"] as readonly string[];
      return [features["trace_sections"], reasons.includes("script_failure")];
    },
    expected: [true, true],
  },
  {
    id: "jrq-17",
    call,
    given: "an image with a pull policy",
    observe: async (gitlab) =>
      (await body(gitlab, { image: { name: "ruby", pullPolicy: ["if-not-present"] } }))["image"],
    expected: {
      name: "ruby",
      entrypoint: null,
      ports: [],
      executor_opts: {},
      pull_policy: ["if-not-present"],
    },
  },
  {
    id: "jrq-18",
    call,
    given: "a service",
    observe: async (gitlab) => (await body(gitlab, { services: ["postgres:11.9"] }))["services"],
    expected: [
      {
        name: "postgres:11.9",
        alias: null,
        command: null,
        entrypoint: null,
        ports: [],
        variables: [],
        executor_opts: {},
        pull_policy: null,
      },
    ],
  },
  {
    id: "jrq-19",
    call,
    given: "artifacts without exclusions",
    observe: async (gitlab) => {
      const [artifact] = (await body(gitlab, { artifacts: [ARTIFACTS] }))["artifacts"] as object[];
      return [artifact, Object.hasOwn(artifact ?? {}, "exclude")];
    },
    expected: [has({ paths: ["out/"], artifact_type: "archive", artifact_format: "zip" }), false],
  },
  {
    id: "jrq-20",
    call,
    given: "artifacts with exclusions, which the runner supports",
    observe: async (gitlab) =>
      (await body(gitlab, { artifacts: [{ ...ARTIFACTS, exclude: ["*.o"] }] }))["artifacts"],
    expected: [has({ exclude: ["*.o"] })],
  },
  {
    id: "jrq-21",
    call,
    given: "artifacts with exclusions, which the runner does not support",
    observe: async (gitlab) => {
      const id = await gitlab.job({ artifacts: [{ ...ARTIFACTS, exclude: ["*.o"] }] });
      const { token } = await gitlab.controls.createRunner({});
      const { status } = await gitlab.poll(token, undefined, { info: {} });
      return [status, (await gitlab.controls.job({ id })).failureReason];
    },
    expected: [204, "runner_unsupported"],
  },
  {
    id: "jrq-22",
    call,
    given: "a job without steps of functions",
    observe: async (gitlab) => Object.hasOwn(await body(gitlab), "run"),
    expected: false,
  },
  {
    id: "jrq-23",
    call,
    given: "no registry",
    observe: async (gitlab) => (await body(gitlab))["credentials"],
    expected: [],
  },
  {
    id: "jrq-24",
    call,
    given: "the job of a tag",
    observe: async (gitlab) => (await body(gitlab, { ref: "v1", isTag: true }))["git_info"],
    expected: has({ ref: "v1", ref_type: "tag" }),
  },
  {
    id: "jrq-32",
    call,
    given: "a shorter timeout of the runner",
    observe: async (gitlab) =>
      (await body(gitlab, { timeoutSeconds: 1234 }, { maximumTimeout: 1000 }))["runner_info"],
    expected: has({ timeout: 1000 }),
  },
  {
    id: "jrq-33",
    call,
    given: "a longer timeout of the runner",
    observe: async (gitlab) =>
      (await body(gitlab, { timeoutSeconds: 1234 }, { maximumTimeout: 2000 }))["runner_info"],
    expected: has({ timeout: 1234 }),
  },
  {
    id: "jrq-34",
    call,
    given: "the time in the queue",
    observe: async (gitlab) => (await body(gitlab))["job_info"],
    expected: has({ time_in_queue_seconds: NUMBER }),
  },
  {
    id: "jrq-35",
    call,
    given: "a project runner: the number of jobs on instance runners",
    observe: (gitlab) => info(gitlab, OF_PROJECT),
    expected: "+Inf",
  },
  {
    id: "jrq-36",
    call,
    given: "an instance runner, no other job",
    observe: (gitlab) => info(gitlab, {}),
    expected: "0",
  },
  {
    id: "jrq-37",
    call,
    given: "an instance runner, six other jobs",
    observe: (gitlab) => info(gitlab, {}, 6),
    expected: "5+",
  },
  {
    id: "jrq-38",
    call,
    given: "a needed job with artifacts",
    observe: (gitlab) => dependency(gitlab, true),
    expected: [
      { id: 1, name: "first", token: TEXT, artifacts_file: { filename: "a.zip", size: 3 } },
    ],
  },
  {
    id: "jrq-39",
    call,
    given: "a needed job without artifacts",
    observe: (gitlab) => dependency(gitlab, false),
    expected: [{ id: 1, name: "first", token: TEXT }],
  },
  {
    id: "jrq-59",
    call,
    given: "newer failure reasons",
    observe: async (gitlab) => {
      const { failure_reasons } = (await body(gitlab))["features"] as {
        failure_reasons: readonly string[];
      };
      return failure_reasons.filter((reason) => reason.startsWith("runner_"));
    },
    expected: [
      "runner_system_failure",
      "runner_unsupported",
      "runner_provisioning_timeout",
      "runner_interrupted",
      "runner_configuration_error",
      "runner_external_dependency_failure",
    ],
  },
]);
