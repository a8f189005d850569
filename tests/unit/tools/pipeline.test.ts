import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Ajv } from "ajv";
import versions from "../../../local/toolchain/versions.json";
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
  it("is valid by GitLab's own schema", () => {
    expect(validate(readPipeline())).toEqual([]);
  });

  it("would not be with a script that is none", () => {
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

  it("takes all its tools from one place, at the version that this project is tested with", () => {
    for (const name of PIPELINE_JOBS) {
      const { image, before_script: before, variables } = pipelineJob(name);

      expect(image?.name).toBe("$TOOLS_IMAGE");
      expect(variables?.["TOOLS_IMAGE"]).toBe(`pulumi/pulumi-nodejs:${versions.pulumi}`);
      expect(before?.[0]).toBe("npm ci");
    }
  });

  it("destroys from elsewhere: a pool cannot wait for its own end", () => {
    expect(pipelineJob("destroy").tags).not.toEqual(pipelineJob("deploy").tags);
  });
});
