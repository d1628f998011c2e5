// Puts the model that ships into this package before it is packed, and takes it away after: in the workspace it lies where it is
// made. Run by npm: `npm pack --ignore-scripts=false`, for the workspace runs no scripts of packages on its own.
import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";

const SOURCE = new URL("../models/storyteller/", import.meta.url);
const COPY = new URL("./models/", import.meta.url);

rmSync(COPY, { recursive: true, force: true });
if (process.argv[2] === "before") {
  const folder = new URL("storyteller/", COPY);
  mkdirSync(folder, { recursive: true });
  const { artefacts } = JSON.parse(readFileSync(new URL("manifest.json", SOURCE), "utf8"));
  for (const name of ["manifest.json", ...artefacts.map(({ file }) => file)]) {
    copyFileSync(new URL(name, SOURCE), new URL(name, folder));
  }
}
