import { REGISTRY_HOST } from "../../docker-syntax";
import type { Parsed } from "../type";
import { DOCKER_HUB, isDockerHub } from "./registry-address";

/**
 * Reads the host of a registry, `HOST[:PORT]` as in an image reference. Docker Hub's other names
 * and its URL `https://index.docker.io/v1/` become `docker.io`.
 * @param form "url" also accepts a URL, as `docker login` once wrote it to config.json
 * @returns the host in lower case
 */
export function readRegistryHost(text: string, form: "host" | "url" = "host"): Parsed<string> {
  const [, scheme = "", host = "", path = ""] = /^(https?:\/\/)?([^/]*)(.*)$/is.exec(text) ?? [];
  const isApi = /^(?:\/v[12])?\/?$/.test(path);
  if (isDockerHub(host) && isApi) return { value: DOCKER_HUB };
  const [, port] = /:(\d+)$/.exec(host) ?? [];
  const isPort = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
  const isHost = REGISTRY_HOST.test(host) && isPort;
  const isAccepted = form === "url" && scheme !== "" ? isApi : scheme === "" && path === "";
  if (isHost && isAccepted) return { value: host.toLowerCase() };
  const rule = `must name each registry by its HOST[:PORT], and ${JSON.stringify(text)}`;
  const instead = isHost ? `: write ${host.toLowerCase()}` : ": use the host in the image's name";
  if (path !== "" && !isApi) return { problem: `${rule} has a path${instead}` };
  if (scheme !== "") return { problem: `${rule} has a scheme${instead}` };
  if (path !== "") return { problem: `${rule} has a path${instead}` };
  if (!isPort) return { problem: `${rule} has no port from 1 to 65535: correct the port` };
  if (/\s/.test(text)) return { problem: `${rule} contains a blank: remove it` };
  if (/[^\w.:[\]-]|_/.test(host)) {
    return {
      problem: `${rule} has other characters than letters, digits, dots and hyphens: use the host in the image's name`,
    };
  }
  return {
    problem: `${rule} is not one, because it has no dot, port or valid form: write a host such as registry.example.com, or docker.io for Docker Hub`,
  };
}
