// The module that an input becomes, and the door through which its variables come and go: two cells
// that the host answers, so that a value of any kind passes as it is.

import { EXTERN_EFFECT } from "@lumen/core/lir";
import type { CellEntry, Program } from "@lumen/core/program";
import { required } from "@lumen/core/result";
import type { Value } from "@lumen/core/value";
import type { Layer } from "@lumen/runtime";
import type { Definition, Statements } from "./repl-input.ts";
import { ReplSource, type VariableLine } from "./repl-source.ts";

/** A variable between two inputs. */
export interface Variable {
  /** In the spelling of source. */
  readonly type: string;
  readonly value: Value;
}

/** Which variables an input gets, with their types, and which are kept after it. */
export interface VariablePlan {
  readonly given: Map<string, string>;
  kept: readonly string[];
  /** The value is a function that computes it. */
  readonly asFunction: boolean;
}

const TAKE = "repl_take_";
const KEEP = "repl_keep_";

/** The variable that holds the value of an input. */
const VALUE = "repl_value_";

/** Number under which the value of an input is kept. */
export const VALUE_INDEX = -1;

/** Everything is given, and everything kept, until something turns out not to go. */
export function planOf(
  variables: ReadonlyMap<string, Variable>,
  statements: Statements | null,
): VariablePlan {
  const given = new Map([...variables].map(([name, { type }]) => [name, type]));
  const kept = [...new Set([...given.keys(), ...(statements?.names ?? [])])];
  return { given, kept, asFunction: false };
}

/** Takes values of types that are declared anew as Any: they are values of the types before. */
export function retype(plan: VariablePlan, replaced: readonly string[]): readonly string[] {
  const isStale = (type: string): boolean =>
    (type.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).some((word) => replaced.includes(word));
  const stale = [...plan.given].filter(([, type]) => isStale(type)).map(([name]) => name);
  return stale.map((variable) => giveUp(plan, { variable, does: "take" }));
}

/**
 * Plans without what this line does. A type that means nothing any more is Any first; the note
 * tells what is lost.
 */
export function giveUp(plan: VariablePlan, { variable, does }: VariableLine): string {
  if (does === "take" && plan.given.get(variable) !== "Any") {
    plan.given.set(variable, "Any");
    return `'${variable}' is of type Any now: what it was is declared anew, or gone`;
  }
  plan.kept = plan.kept.filter((name) => name !== variable);
  if (does === "keep") return `'${variable}' is not kept: its value may be used only once`;
  plan.given.delete(variable);
  return `'${variable}' is forgotten: nothing knows its type any more`;
}

/** Puts the module together. */
export function assemble(
  definitions: ReadonlyMap<string, Definition>,
  statements: Statements | null,
  { given, kept, asFunction }: VariablePlan,
): ReplSource {
  const source = new ReplSource();
  for (const rank of [0, 1, 2])
    for (const definition of definitions.values()) {
      if (definition.rank !== rank) continue;
      source.typed(definition.source, definition.at, definition.length);
      source.line("");
    }
  source.line(`extern cell ${TAKE}(index: Int) -> Any`);
  source.line(`extern cell ${KEEP}(index: Int, value: Any) -> Null`);
  for (const [i, [variable, type]] of [...given].entries())
    source.line(`let ${variable}: ${type} = ${TAKE}(${i})`, { variable, does: "take" });
  if (statements === null) return source;
  const { source: input, valueAt } = statements;
  const end = input.text.length;
  source.typed(input, 0, valueAt ?? end);
  if (valueAt !== null) {
    source.glue(`let ${VALUE} = ${asFunction ? "fn() => " : ""}`);
    source.typed(input, valueAt, end - valueAt);
  }
  source.line("");
  if (valueAt !== null) source.line(`${KEEP}(${VALUE_INDEX}, ${VALUE})`);
  for (const [i, variable] of kept.entries())
    source.line(`${KEEP}(${i}, ${variable})`, { variable, does: "keep" });
  return source;
}

/** The cell of the top-level statements; it is not `main` where somebody declared that. */
export function scriptOf({ cells }: Program): CellEntry {
  const own = cells.find((cell) => cell.name === "__script_main");
  const script = own ?? cells.find((cell) => cell.name === "main");
  return required(script, "a module with statements has a cell for them");
}

/** Gives variables by their number, and takes what is kept. */
export function variablesLayer(values: readonly Value[], kept: Map<number, Value>): Layer {
  return {
    name: "variables",
    handle: async (request, next) => {
      const [index = 0, value = null] = request.args;
      if (request.effect !== EXTERN_EFFECT) return next(request);
      if (request.operation === TAKE) return { ok: true, value: values[Number(index)] ?? null };
      if (request.operation !== KEEP) return next(request);
      kept.set(Number(index), value);
      return { ok: true, value: null };
    },
  };
}
