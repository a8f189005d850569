/** Removes `.`, `..` and a trailing slash from an absolute path. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Whether a path of a node is, or contains, another one. */
export function pathContains(folder: string, path: string): boolean {
  // /var/run is a link to /run. In a container with the node's /var, it leads to another /run.
  const resolve = (one: string) => normalizePath(one).replace(/^\/var\/run(?=\/|$)/, "/run");
  const [outer, inner] = [resolve(folder), resolve(path)];
  return outer === "/" || `${inner}/`.startsWith(`${outer}/`);
}
