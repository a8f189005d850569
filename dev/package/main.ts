import { resolve } from "node:path";
import { buildPackage } from "./build";

/** `npm pack` runs this first. */
void buildPackage(resolve(__dirname, "../.."));
