// Where build products and evidence of a project live (spec/formats.md 8.1).

import { join } from "node:path";
import type { Project } from "./project.ts";

/** Types of `@lumen/raster` for editors, in projects with TypeScript: where, below the root. */
export const TYPES_PATH = "target/raster/lumen-raster.d.ts";

/** Paths below `target/raster/`. */
export interface Target {
  readonly root: string;
  readonly cfs: string;
  readonly manifest: string;
  readonly types: string;
  readonly traces: string;
  readonly programs: string;
  readonly tile: (tileId: string, backend: string) => string;
}

/** The layout of a project. */
export function targetOf(project: Pick<Project, "root">): Target {
  const root = join(project.root, "target", "raster");
  return {
    root,
    cfs: join(root, "cfs.json"),
    manifest: join(root, "manifest.json"),
    types: join(project.root, TYPES_PATH),
    traces: join(root, "traces"),
    programs: join(root, "programs"),
    tile: (tileId, backend) => join(root, "tiles", tileId, backend),
  };
}
