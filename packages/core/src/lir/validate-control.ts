// Rules of the opcodes of effects, generators, deferred blocks and tasks (lir.md 8, clauses 4, 5
// and 9). Where they may stand is the matter of validate-contexts.ts.

import { EXTERN_EFFECT, type LirType, type TypeIndex } from "./types.ts";
import { checkArguments, withCallee } from "./validate-calls.ts";
import { handlesOperation, innermostArm } from "./validate-contexts.ts";
import {
  firstOf,
  flows,
  isKind,
  listAt,
  numberAt,
  type Site,
  shapeOf,
  stringConstant,
  typeAt,
  typesAt,
  typeText,
  yields,
} from "./validate-site.ts";

/** What `spawn`, `await` and nurseries perform (language 10.2). */
const ASYNC = "async";

/** `perform w k k c R`: caught by a handle of this cell, or its effect is part of the row. */
export function checkPerform(site: Site): string | null {
  return firstOf(
    () => stringConstant(site, 1),
    () => stringConstant(site, 2),
    () =>
      withCallee(site, 3, (callee) =>
        firstOf(
          () =>
            callee.captures.length > 0
              ? `'${callee.name}' has captures: only a closure calls it`
              : null,
          () => checkArguments(site, `'${callee.name}'`, callee.params, typesAt(site, 4)),
          () => flows(site, callee.result, typeAt(site, 0), `the result of '${callee.name}'`),
        ),
      ),
    () => {
      const operation = `${textAt(site, 1)}.${textAt(site, 2)}`;
      const { cell, module } = site.context;
      const isCaught = handlesOperation({ cell, context: site.place }, (constant) => {
        const named = module.constants[constant];
        return named?.kind === "string" && named.value === operation;
      });
      return isCaught ? null : checkOwnRow(site, operation, textAt(site, 1).toLowerCase());
    },
  );
}

/** `request w k k R`: no handle stands before the door. */
export function checkRequest(site: Site): string | null {
  return firstOf(
    () => stringConstant(site, 1),
    () => stringConstant(site, 2),
    () => {
      // The row of an extern is what its declaration says, which the validator cannot see.
      const effect = textAt(site, 1).toLowerCase();
      return effect === EXTERN_EFFECT ? null : checkOwnRow(site, "a request", effect);
    },
  );
}

/** `call_tool w k r`: which effect the tool has, only the host knows. */
export function checkCallTool(site: Site): string | null {
  const input = typeAt(site, 2);
  const isInput = ["map", "json", "any"].includes(shapeOf(site, input).kind);
  return firstOf(
    () => stringConstant(site, 1),
    () => (isInput ? null : `the input of a tool has type ${typeText(site, input)}`),
    () => yields(site, "json"),
    () => (site.context.cell.row.length > 0 ? null : "a tool has an effect, the row is empty"),
  );
}

/** `handle w K J`: one target for each operation, and the place after. */
export function checkHandle(site: Site): string | null {
  const names = listAt(site, 1).map((index) => site.context.module.constants[index]);
  const operations = names.flatMap((name) => (name?.kind === "string" ? [name.value] : []));
  if (operations.length < names.length) return "the constant is not a string";
  const strange = operations.find((name) => !/^[^.]+\.[^.]+$/.test(name));
  if (strange !== undefined) return `'${strange}' is no operation`;
  if (new Set(operations).size < operations.length) return "two arms handle one operation";
  const targets = listAt(site, 2).length;
  if (targets === operations.length + 1) return null;
  return `${targets} targets for ${operations.length} operations`;
}

/** `handle_end r`: the value goes to the register of the handle. */
export function checkHandleEnd(site: Site): string | null {
  const opened = site.place?.at;
  return opened === undefined
    ? null
    : flows(site, typeAt(site, 0), handleType(site, opened), VALUE);
}

/** `resume w r i i`: the value of the handle comes back; the range lies in the registers. */
export function checkResume(site: Site): string | null {
  const [from, to] = [numberAt(site, 2), numberAt(site, 3)];
  if (from > to || to > site.context.cell.registers.length)
    return `there are no registers ${from} to ${to}`;
  const arm = innermostArm(site.place);
  return arm === null ? null : flows(site, handleType(site, arm.at), typeAt(site, 0), VALUE);
}

const VALUE = "the value of the handle";

function handleType(site: Site, handle: number): TypeIndex {
  const register = site.context.cell.code[handle]?.operands[0];
  return (site.context.cell.registers[Number(register)] ?? -1) + site.context.offset;
}

/** `yield r`: an item of the generator that the cell makes. */
export function checkYield(site: Site): string | null {
  const { cell, offset } = site.context;
  const made = shapeOf(site, cell.result + offset);
  const item = made.kind === "opaque" && made.name === "Generator" ? made.args[0] : undefined;
  if (item === undefined) return "a generator has the result type Generator";
  return flows(site, typeAt(site, 0), item, "the item");
}

/** `spawn w r R`: what the task performs counts here, since no handler reaches into a task. */
export function checkSpawn(site: Site): string | null {
  const type = shapeOf(site, typeAt(site, 1));
  const effects = type.kind === "fn" ? type.row.filter((effect) => effect !== "*") : [];
  const missing = effects.find((effect) => !site.context.cell.row.includes(effect));
  if (type.kind !== "fn") return isKind(site, 1, "fn");
  return firstOf(
    () => checkArguments(site, "the function", type.params, typesAt(site, 2)),
    () => opaqueTarget(site, "Future", type.result),
    () => (missing === undefined ? null : `the task has effect '${missing}', the row has not`),
    () => checkOwnRow(site, "spawn", ASYNC),
  );
}

/** `await w r`, of any value. */
export function checkAwait(site: Site): string | null {
  return checkOwnRow(site, "await", ASYNC);
}

/** `nursery w` */
export function checkNursery(site: Site): string | null {
  return firstOf(
    () => opaqueTarget(site, "Nursery", null),
    () => checkOwnRow(site, "a nursery", ASYNC),
  );
}

/** The register is `any`, or of an opaque type of this name whose argument takes `item`. */
function opaqueTarget(site: Site, name: string, item: TypeIndex | null): string | null {
  const target = typeAt(site, 0);
  const type: LirType = shapeOf(site, target);
  if (type.kind === "any") return null;
  if (type.kind !== "opaque" || type.name !== name)
    return `the result has type ${name}, the register has ${typeText(site, target)}`;
  return item === null ? null : flows(site, item, type.args[0] ?? -1, "the value of the future");
}

/** The effect is in the row; no handle of the cell takes it away. */
function checkOwnRow(site: Site, what: string, effect: string): string | null {
  return site.context.cell.row.includes(effect)
    ? null
    : `${what} has effect '${effect}', which the row has not`;
}

function textAt(site: Site, operand: number): string {
  const constant = site.context.module.constants[numberAt(site, operand)];
  return constant?.kind === "string" ? constant.value : "";
}
