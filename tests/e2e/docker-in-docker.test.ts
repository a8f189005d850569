import { describe, expect, it } from "@jest/globals";
import type Docker from "dockerode";
import { HELD_CAPABILITIES_RUNTIME } from "../../dev/engine/engine";
import { readFacts } from "../../dev/facts";
import { createImages } from "../support/job-containers";
import { createPool } from "../support/pool-fixture";

const IMAGE = "gitlab-runner-pool/docker-in-docker:1";

/** A Docker engine and its client. Jobs and their service use the same image. */
const dockerfile = (base: string): string => `FROM ${base}
RUN apt-get -o Acquire::Retries=3 update && \\
    apt-get -o Acquire::Retries=3 install --yes --no-install-recommends busybox-static docker.io iptables
EXPOSE 2375
VOLUME /var/lib/docker
ENTRYPOINT []
`;

/** Builds an image with the service's engine and runs a container of it. */
const SCRIPT = [
  "export DOCKER_HOST=tcp://docker:2375",
  "mkdir context && cp /bin/busybox context/",
  `printf 'FROM scratch\\nCOPY busybox /bin/busybox\\nENTRYPOINT ["/bin/busybox"]\\n' > context/Dockerfile`,
  "docker build --tag built-in-job context",
  'docker run --rm built-in-job echo "hello from the inner container"',
  "echo engine=$(docker info --format '{{.ID}}')",
  "mount -t tmpfs none /mnt || echo the job is not privileged",
];

describe("a pool with privileged services", () => {
  it("runs a job that builds an image and runs a container with Docker-in-Docker", async () => {
    const platform = await readFacts();
    await using pool = await createPool({ platform, settings: { replicas: 1 } });
    const { stack, gitlab, docker } = pool;
    await using images = createImages(docker, platform);
    await images.build(IMAGE, dockerfile(platform.images.base), ["--network", "host"]);
    await stack.configure({
      "docker.servicesPrivileged": true,
      "docker.allowedPrivilegedServices[0]": IMAGE,
      "docker.waitForServicesTimeout": "60s",
      "featureFlags.FF_NETWORK_PER_BUILD": true,
      ...(await chooseRuntime(docker)),
    });
    await stack.mustUp();

    const { id } = await gitlab.enqueueJob({
      ...{ script: SCRIPT, image: IMAGE, tags: ["docker"] },
      variables: [{ key: "GIT_STRATEGY", value: "none" }],
      services: [
        {
          ...{ name: IMAGE, alias: "docker", entrypoint: ["dockerd"] },
          command: ["--host=tcp://0.0.0.0:2375", "--tls=false"],
        },
      ],
    });
    const { status } = await gitlab.waitForJob({ id, timeoutMs: 120_000 });
    const log = await gitlab.trace({ id });

    expect(`${log}\n${status}`).toMatch(/success$/);
    expect(log).toMatch(/^hello from the inner container\r?$/m);
    expect(log).toMatch(/^the job is not privileged\r?$/m);
    const { ID } = (await docker.info()) as { readonly ID: string };
    expect(log).toMatch(/^engine=\w+/m);
    expect(log).not.toContain(ID);
  });
});

/** The platform's engine runs privileged containers on any machine only with this runtime. */
async function chooseRuntime(docker: Docker): Promise<Readonly<Record<string, string>>> {
  const { Runtimes } = (await docker.info()) as { readonly Runtimes: object };
  return HELD_CAPABILITIES_RUNTIME in Runtimes
    ? { "docker.runtime": HELD_CAPABILITIES_RUNTIME }
    : {};
}
