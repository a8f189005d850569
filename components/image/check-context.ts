import { existsSync, lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { userResourceError } from "../user-error";
import { listContextFiles } from "./context-files";
import { findPackageContext } from "./package-context";

/** The bundled entrypoint, which the Dockerfile copies. */
const BUNDLE = "dist/main.js";

/**
 * Checks the folder from which the image is built, and returns its path.
 * @param given the argument `context`. @default the folder that comes with this package
 * @throws {pulumi.ResourceError} if a file is missing or would not run in the image
 */
export function checkContext(image: pulumi.Resource, given: string | undefined): string {
  const context = given ?? findPackageContext();
  if (context === undefined) {
    throw cannotBuild(
      image,
      "`runner-image/Dockerfile` is missing from the package: reinstall the package",
    );
  }
  const missing = ["Dockerfile", BUNDLE]
    .map((file) => join(context, file))
    .filter((path) => !existsSync(path));
  if (missing.length > 0) {
    const verb = missing.length > 1 ? "are" : "is";
    throw cannotBuild(
      image,
      `${missing.join(" and ")} ${verb} missing. The package contains both files; in a checkout, run \`npm run prepack\` to build ${BUNDLE}`,
    );
  }
  const withCr = listContextFiles(context)
    .filter((path) => path !== "Dockerfile" && path !== BUNDLE)
    .filter((path) => hasWindowsLineEndings(join(context, path)))
    .map((path) => join(context, path));
  if (withCr.length > 0) {
    throw cannotBuild(
      image,
      `${withCr.join(" and ")} ${withCr.length > 1 ? "have" : "has"} Windows line endings, which a shell in the image cannot run. Check out the files again with \`git rm --cached -rq . && git reset --hard\` (.gitattributes requires Unix line endings), or convert them with \`dos2unix\``,
    );
  }
  return context;
}

function cannotBuild(image: pulumi.Resource, reason: string): pulumi.ResourceError {
  return userResourceError(`the runner image cannot be built: ${reason}`, image);
}

function hasWindowsLineEndings(path: string): boolean {
  return lstatSync(path).isFile() && readFileSync(path).includes("\r\n");
}
