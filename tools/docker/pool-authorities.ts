import * as z from "zod/mini";
import { nameCertificateFiles } from "../../contract/certificate-files";
import { CERTIFICATES_FOLDER } from "../../contract/replica-paths";
import { readObject, type ObjectReader } from "../../docker-engine/read-objects";
import type { Pool } from "./pools";

const serviceSchema = z.object({
  Spec: z.object({
    TaskTemplate: z.object({
      ContainerSpec: z.nullish(
        z.object({
          Configs: z.nullish(
            z.array(
              z.object({
                ConfigID: z.optional(z.string()),
                File: z.nullish(z.object({ Name: z.optional(z.string()) })),
              }),
            ),
          ),
        }),
      ),
    }),
  }),
});

const configSchema = z.object({ Spec: z.object({ Data: z.optional(z.string()) }) });

/**
 * Reads the certificate authorities for GitLab that a pool's replicas get as a swarm config, in
 * PEM. Swarm shows configs, but not secrets, so a client's key cannot be read.
 * @returns undefined if GitLab does not use TLS, or if there is no such config
 */
export async function readPoolAuthorities(
  engine: ObjectReader,
  { serviceId, gitlabUrl }: Pick<Pool, "serviceId" | "gitlabUrl">,
): Promise<string | undefined> {
  if (!gitlabUrl.startsWith("https:")) return undefined;
  const { Spec } = await readObject(engine, `/services/${serviceId}`, serviceSchema);
  const path = `${CERTIFICATES_FOLDER}/${nameCertificateFiles(gitlabUrl).authorities}`;
  const configs = Spec.TaskTemplate.ContainerSpec?.Configs ?? [];
  const id = configs.find(({ File }) => File?.Name === path)?.ConfigID;
  if (id === undefined) return undefined;
  const { Data = "" } = (await readObject(engine, `/configs/${id}`, configSchema)).Spec;
  return Buffer.from(Data, "base64").toString("utf8");
}
