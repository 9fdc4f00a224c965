// A module of tier T2 as text of LLVM IR. Its functions know nothing but the memory, which each
// one is handed, and the globals, which nobody else sees; so the optimiser may keep both apart.

import { assert, required } from "@lumen/core/result";
import type { ModuleFunction, Signature, ValType, WasmModule } from "@lumen/vm/numeric";
import { type BodyInstruction, readBody } from "./body-reader.ts";
import { FunctionWriter, TRAPPED, TYPES, WEIGHTS, ZEROS } from "./function-writer.ts";
import {
  functionName,
  globalName,
  INSTRUCTIONS,
  LINKS,
  SUPPORT,
  type Surroundings,
  TAGS,
} from "./instructions.ts";

/** The two symbols that a module has outside. */
export interface Symbols {
  /**
   * The function that is called: an i64 whose low half is the i32 that the module's function
   * gives, and whose high half is 1 where something has trapped.
   */
  readonly entry: string;
  /** Addresses that are written before it is called: the memory, then what the module imports. */
  readonly links: string;
}

/** The text of a module with one exported function, which takes nothing and gives an i32. */
export function moduleText(module: WasmModule, symbols: Symbols): string {
  const { imports, globals, functions } = module;
  const entered = functions.findIndex(({ exported }) => exported !== null);
  const { params, result } = required(functions[entered], "the module exports a function");
  assert(params.length === 0 && result === "i32", "the exported function takes nothing");
  const lines = [
    `${LINKS} = internal alias [${imports.length + 1} x ptr], ptr @${symbols.links}`,
    `@${symbols.links} = global [${imports.length + 1} x ptr] zeroinitializer`,
    ...globals.map((type, i) => `${globalName(i)} = internal global ${TYPES[type]} ${ZEROS[type]}`),
    ...SUPPORT,
    ...functions.flatMap((f, i) => functionLines(f, imports.length + i, module)),
    ...entryLines(symbols, functionName(imports.length + entered)),
    'attributes #0 = { nounwind "probe-stack"="inline-asm" }',
    "attributes #1 = { nounwind willreturn memory(none) }",
    ...WEIGHTS,
    ...TAGS,
  ];
  return `${lines.join("\n")}\n`;
}

/** How many loops the functions of a module have. */
export function loopCount({ functions }: WasmModule): number {
  const all = functions.flatMap(({ body }) => readBody(body.finish()).instructions);
  return all.filter((one) => one.kind === "open" && one.what === "loop").length;
}

function entryLines({ entry }: Symbols, entered: string): readonly string[] {
  return [
    `define i64 @${entry}() #0 {`,
    `  %m = load ptr, ptr ${LINKS}`,
    `  store i32 0, ptr ${TRAPPED}`,
    `  %status = call fastcc i32 ${entered}(ptr %m)`,
    `  %trapped = load i32, ptr ${TRAPPED}`,
    "  %low = zext i32 %status to i64",
    "  %wide = zext i32 %trapped to i64",
    "  %high = shl i64 %wide, 32",
    "  %both = or i64 %high, %low",
    "  ret i64 %both",
    "}",
  ];
}

function functionLines(
  { params, result, body }: ModuleFunction,
  index: number,
  { imports, functions, globals }: WasmModule,
): readonly string[] {
  const { locals: own, instructions } = readBody(body.finish());
  const locals: readonly ValType[] = [...params, ...own];
  const signatures: readonly Signature[] = functions;
  const around: Surroundings = { locals, globals, imports, functions: signatures };
  const f = new FunctionWriter(result);
  locals.forEach((type, i) => {
    f.place(`%l${i}`, { type, text: i < params.length ? `%p${i}` : ZEROS[type] });
  });
  for (const instruction of instructions) write(f, instruction, around);
  const given = ["ptr noalias %m", ...params.map((type, i) => `${TYPES[type]} %p${i}`)];
  const type = result === null ? "void" : TYPES[result];
  return [
    `define internal fastcc ${type} ${functionName(index)}(${given.join(", ")}) #0 {`,
    ...f.text(),
    "}",
  ];
}

/** What cannot be reached is not written; its blocks are counted. */
function write(f: FunctionWriter, instruction: BodyInstruction, around: Surroundings): void {
  if (instruction.kind === "open") return f.openBlock(instruction.what, instruction.result);
  if (instruction.kind === "else") return f.otherwise();
  if (instruction.kind === "end") return f.close();
  if (!f.isLive) return;
  switch (instruction.kind) {
    case "br":
      return f.stop(`br label %${f.branchLabel(instruction.outward)}`);
    case "br_if": {
      const condition = f.popTruth();
      const [taken, next] = [f.branchLabel(instruction.outward), f.freshLabel()];
      f.line(`br i1 ${condition}, label %${taken}, label %${next}`);
      return f.label(next);
    }
    case "br_table": {
      const chosen = f.pop("i32");
      const labels = instruction.outward.map((outward) => f.branchLabel(outward));
      const last = required(labels.at(-1), "a table has a target");
      const cases = labels.slice(0, -1).map((label, i) => `i32 ${i}, label %${label}`);
      return f.stop(`switch i32 ${chosen}, label %${last} [${cases.join(" ")}]`);
    }
    case "plain":
      return INSTRUCTIONS[instruction.op](f, instruction.value, around);
  }
}
