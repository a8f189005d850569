import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { addKnownValues } from "../../../../components/settings/known-values";
import { parseEntries } from "../../../../components/settings/parsed-settings";
import { readCertificate } from "../../../support/gitlab-certificates";

describe("the values of outputs that the rules check", () => {
  const { parsed } = parseEntries("", []);
  const known = async (outputs: Readonly<Record<string, pulumi.Output<unknown>>>) => {
    const { values } = await addKnownValues(parsed, new Map(Object.entries(outputs)) as never);
    return values;
  };

  it("include secrets, and certificates that are stored as secrets, because no message shows them", async () => {
    const files = {
      clientCertificate: readCertificate("client.pem"),
      clientKey: readCertificate("client.key"),
    };
    expect(
      await known({
        clientCertificate: pulumi.secret(files.clientCertificate),
        clientKey: pulumi.secret(files.clientKey),
      }),
    ).toEqual(files);
  });

  it("include other settings only if they are not stored as secrets", async () => {
    expect(await known({ jobImage: pulumi.secret("alpine:3.22") })).toEqual({});
    const plain = { jobImage: "alpine:3.22", gitlabUrl: "https://gitlab.example.com" };
    expect(
      await known({
        jobImage: pulumi.output(plain.jobImage),
        gitlabUrl: pulumi.output(plain.gitlabUrl),
      }),
    ).toEqual(plain);
  });

  it("include only the scheme of a GitLab whose URL is stored as a secret", async () => {
    expect(await known({ gitlabUrl: pulumi.secret("http://gitlab.example.com/x") })).toEqual({
      gitlabUrl: "http://hidden",
    });
  });
});
