// What must hold for any text that is compiled: nothing throws, and a program without errors is LIR
// that the validator accepts. Slower than parsing, so a campaign asks it of some inputs only.

import { validateModule, validateProgram } from "@lumen/core/lir";
import { compileText } from "@lumen/testkit";
import type { Broken } from "./properties.ts";

/** Which property of compilation `text` breaks; null when all hold. */
export function brokenByCompiling(path: string, text: string): Broken | null {
  try {
    return compiling(path, text);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { property: "the compiler never throws", detail };
  }
}

function compiling(path: string, text: string): Broken | null {
  const extension = path.endsWith(".lm.md") ? "lm.md" : "lm";
  const { program } = compileText({ text, extension });
  if (program === null) return null;
  const results = [...program.modules.map(validateModule), validateProgram(program.modules)];
  const invalid = results.find((result) => !result.ok);
  if (invalid === undefined || invalid.ok) return null;
  return { property: "programs are valid LIR", detail: invalid.error.message };
}
