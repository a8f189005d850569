import { parse } from "./parsers";

/** A registry, and the path in it under which the image is stored. */
export interface RegistryAddress {
  /** Host and port, as in an image reference. */
  readonly host: string;
  /** Path before the image's name, without slashes around it; may be empty. */
  readonly path: string;
  /** True if the registry speaks HTTP without TLS. */
  readonly plainHttp: boolean;
}

const ADDRESS =
  /^(?:(https?):\/\/)?((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?::\d{1,5})?)((?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)\/?$/;

/** `HOST[:PORT][/PATH]`; Docker takes a first part with neither dot nor port for a user of Docker Hub. */
export const registryAddress = parse<RegistryAddress>((value) => {
  const [, scheme, host, path] = ADDRESS.exec(String(value).trim()) ?? [];
  if (host === undefined || !/[.:]|^localhost$/.test(host)) {
    return {
      problem:
        "must be HOST[:PORT][/PATH] in lower case, such as registry.example.com/ci or docker.io/USER",
    };
  }
  const plainHttp = scheme === "http" || (scheme === undefined && isLoopback(host));
  return { value: { host, path: (path ?? "").slice(1), plainHttp } };
});

/** Docker itself speaks plain HTTP to a registry on the loopback interface. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3})(?::|$)/.test(host);
}
