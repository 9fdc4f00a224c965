// A document of a benchmark, compiled and linked.

import { installNodeHash, openProgram } from "@lumen/toolchain";
import { type LinkedProgram, linkProgram } from "@lumen/vm";

/** Compiles and links a document; throws where it has mistakes. */
export async function linkFile(path: string): Promise<LinkedProgram> {
  installNodeHash();
  const opened = await openProgram(path);
  if (!opened.ok) throw new Error(opened.error.failure.message);
  const linked = linkProgram(opened.value.program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  return linked.value;
}
