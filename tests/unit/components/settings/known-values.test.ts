import { describe, expect, it } from "@jest/globals";
import * as pulumi from "@pulumi/pulumi";
import { addKnownValues } from "../../../../components/settings/known-values";
import { parseEntries } from "../../../../components/settings/parsed-settings";
import { readCertificate } from "../../../support/gitlab-certificates";

describe("the values of outputs that the rules check", () => {
  const { parsed } = parseEntries("", []);
  const known = async (outputs: Readonly<Record<string, pulumi.Output<unknown>>>) => {
    const { values } = await addKnownValues(parsed, new Map(Object.entries(outputs)) as never);
    return Object.keys(values);
  };

  it("include secrets, and certificates that are stored as secrets, because no message shows them", async () => {
    const secret = (file: string) => pulumi.secret(readCertificate(file));
    expect(
      await known({ clientCertificate: secret("client.pem"), clientKey: secret("client.key") }),
    ).toEqual(["clientCertificate", "clientKey"]);
  });

  it("include other settings only if they are not stored as secrets", async () => {
    expect(
      await known({ jobImage: pulumi.output("alpine:3.22"), gitlabUrl: pulumi.secret("x") }),
    ).toEqual(["jobImage"]);
  });
});
