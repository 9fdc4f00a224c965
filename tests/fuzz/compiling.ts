// What must hold for any text that is compiled: nothing throws, and a program without errors is LIR
// that the validator accepts. Slower than parsing, so a campaign asks it of some inputs only.

import { validateModule, validateProgram } from "@lumen/core/lir";
import { compileText } from "@lumen/testkit";
import type { Broken } from "./properties.ts";

/** What comes of a text: a valid program, reports, or a property of compilation that it breaks. */
export type Compilation =
  | { readonly kind: "compiled" }
  | { readonly kind: "refused" }
  | { readonly kind: "broken"; readonly broken: Broken };

/** Which property of compilation `text` breaks; null when all hold. */
export function brokenByCompiling(path: string, text: string): Broken | null {
  const outcome = compilationOf(path, text);
  return outcome.kind === "broken" ? outcome.broken : null;
}

/** Compiles a text and judges what comes of it. */
export function compilationOf(path: string, text: string): Compilation {
  try {
    return compiling(path, text);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: "broken", broken: { property: "the compiler never throws", detail } };
  }
}

function compiling(path: string, text: string): Compilation {
  const extension = path.endsWith(".lm.md") ? "lm.md" : "lm";
  const { program } = compileText({ text, extension });
  if (program === null) return { kind: "refused" };
  const results = [...program.modules.map(validateModule), validateProgram(program.modules)];
  const invalid = results.find((result) => !result.ok);
  if (invalid === undefined || invalid.ok) return { kind: "compiled" };
  const broken = { property: "programs are valid LIR", detail: invalid.error.message };
  return { kind: "broken", broken };
}
