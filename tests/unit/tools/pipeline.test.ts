import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import versions from "../../../dev/toolchain/versions.json";
import { PIPELINE_JOBS, pipelineJob, readPipeline } from "../../support/pipeline-jobs";

const ROOT = resolve(__dirname, "../../..");

function validate(pipeline: unknown): readonly string[] {
  const schema = JSON.parse(
    readFileSync(join(ROOT, "tests/fixtures/gitlab-ci-schema/ci.json"), "utf8"),
  ) as object;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  const check = ajv.compile(schema);
  return check(pipeline) ? [] : (check.errors ?? []).map(({ instancePath }) => instancePath);
}

describe("the example pipeline", () => {
  it("is valid according to GitLab's schema", () => {
    expect(validate(readPipeline())).toEqual([]);
  });

  it("would be invalid with a script that is a number", () => {
    expect(validate({ ...readPipeline(), deploy: { stage: "deploy", script: 5 } })).not.toEqual([]);
  });

  it("previews on merge requests, deploys the default branch, and lets people scale and destroy", () => {
    const main = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH";
    const manual = [{ if: main, when: "manual", allow_failure: true }];

    expect(pipelineJob("preview").rules).toEqual([
      { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
    ]);
    expect(pipelineJob("deploy").rules).toEqual([{ if: main }]);
    expect(pipelineJob("scale").rules).toEqual(manual);
    expect(pipelineJob("destroy").rules).toEqual(manual);
  });

  it("uses one tools image, with the version that this project is tested with", () => {
    for (const name of PIPELINE_JOBS) {
      const { image, before_script: before, variables } = pipelineJob(name);

      expect(image?.name).toBe("$TOOLS_IMAGE");
      expect(variables?.["TOOLS_IMAGE"]).toBe(`pulumi/pulumi-nodejs:${versions.pulumi}`);
      expect(before?.[0]).toBe("npm ci --ignore-scripts");
    }
  });

  it("destroys the pool on another runner, because a pool cannot wait for its own end", () => {
    expect(pipelineJob("destroy").tags).not.toEqual(pipelineJob("deploy").tags);
  });

  it("keeps the variables and runners of deploying jobs from merge request jobs", () => {
    const { environment, tags } = pipelineJob("preview");
    expect(environment).toEqual({ name: "preview/$PULUMI_STACK", action: "verify" });
    for (const name of ["deploy", "scale", "destroy"] as const) {
      const job = pipelineJob(name);
      expect(job.environment).toEqual({ name: "runners/$PULUMI_STACK" });
      expect(job.tags?.filter((tag) => tags?.includes(tag))).toEqual([]);
    }
  });

  it("runs no install scripts of packages", () => {
    const commands = readFileSync(join(ROOT, "examples/pipeline/.gitlab-ci.yml"), "utf8");
    const installs =
      commands.match(/^.*- .*\b(npm|npx|yarn|pnpm) (ci|i|install|exec)\b.*$/gm) ?? [];
    expect(installs.length).toBeGreaterThan(0);
    for (const line of installs) expect(line).toContain("--ignore-scripts");
  });
});

/** A row of a table in docs/pipeline.md. */
interface Row {
  readonly names: readonly string[];
  readonly isProtected: boolean;
  readonly masked: string;
}

/** Reads the rows of the table that follows the sentence starting with a scope. */
function rowsOf(scope: string): readonly Row[] {
  const text = readFileSync(join(ROOT, "docs/pipeline.md"), "utf8");
  const table = text.split(`For \`${scope}\``)[1]?.split("\n\n")[1] ?? "";
  const rows = table.split("\n").slice(2);
  return rows.map((row) => {
    const [, names = "", isProtected = "", masked = ""] = row.split("|").map((cell) => cell.trim());
    return {
      names: [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
      isProtected: isProtected === "yes",
      masked,
    };
  });
}

describe("the variables of the example pipeline, in docs/pipeline.md", () => {
  it("are protected for deploying jobs, and unprotected for merge request jobs", () => {
    expect(rowsOf("runners/*").length).toBeGreaterThan(3);
    expect(rowsOf("preview/*").length).toBeGreaterThan(3);
    expect(rowsOf("runners/*").filter(({ isProtected }) => !isProtected)).toEqual([]);
    expect(rowsOf("preview/*").filter(({ isProtected }) => isProtected)).toEqual([]);
  });

  it.each(["runners/*", "preview/*"])("are masked if they are secrets: %s", (scope) => {
    for (const { names, masked } of rowsOf(scope)) {
      const secrets = names.filter((name) => /TOKEN|PASSWORD|PASSPHRASE|SECRET/.test(name));
      const shown = { names, masked };
      if (secrets.length === 0) expect(shown).toEqual({ names, masked: "no" });
      else
        expect(shown).toEqual({
          names,
          masked: names.length > 1 ? "only the second variable" : "yes",
        });
    }
  });

  it("give merge request jobs access to the engine only through a proxy", () => {
    const names = rowsOf("preview/*").flatMap((row) => row.names);
    expect(names).not.toContain("DOCKER_CERT_PATH");
    expect(names).toContain("DOCKER_HOST");
  });
});
