import { describe, expect, it } from "@jest/globals";
import { nameCertificateFiles } from "../../../contract/certificate-files";

describe("nameCertificateFiles", () => {
  it.each([
    ["https://gitlab.example.com", "gitlab.example.com"],
    ["https://gitlab.example.com:8443/gitlab", "gitlab.example.com"],
    ["https://GitLab.Example.com", "gitlab.example.com"],
    ["https://10.0.0.1:8443", "10.0.0.1"],
    ["https://[fd00::1]", "fd00::1"],
    ["https://[FD00:0::1]:8443/gitlab", "fd00::1"],
  ])("names the files of %s after %s", (url, host) => {
    expect(nameCertificateFiles(url)).toEqual({
      authorities: `${host}.crt`,
      clientCertificate: `${host}.auth.crt`,
      clientKey: `${host}.auth.key`,
    });
  });
});
