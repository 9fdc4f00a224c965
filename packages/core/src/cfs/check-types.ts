// Stage 15 of spec/formats.md 9.3: types present at both ends are equal, tests fit the tested type,
// arms are exhaustive, constants decode. A type that nobody states is not checked, but a test that
// could not be decided without it is refused (18.3).

import type { Failure } from "../diagnostic/failure.ts";
import { decodeValue, renderType } from "../encoding/index.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { refusal } from "./check-names.ts";
import type { Cfs, CfsBranchItem, CfsLoopItem, CfsOutput, CfsTest } from "./model.ts";
import type { CfsShape } from "./read-shape.ts";
import { sameType } from "./same-type.ts";
import {
  armScope,
  type BindingSite,
  enclosingBlock,
  type Scope,
  sequenceScope,
  walkSequence,
} from "./scope.ts";
import { elementType, type MaybeType, type TypeTable } from "./type-table.ts";
import { outermost, variantsOf } from "./variants.ts";

const INTEGER_BITS: { readonly [type: string]: readonly [signed: boolean, bits: bigint] } = {
  u8: [false, 8n],
  u16: [false, 16n],
  u32: [false, 32n],
  u64: [false, 64n],
  i8: [true, 8n],
  i16: [true, 16n],
  i32: [true, 32n],
  i64: [true, 64n],
};

/** Stage 15. */
export function checkTypes(cfs: CfsShape, types: TypeTable): Failure | null {
  for (const tile of cfs.tiles) {
    const failed = countFits(tile.outputType, tile.outputs, `${tile.path}/outputs`);
    if (failed !== null) return failed;
  }
  for (const sequence of cfs.sequences) {
    for (const visit of walkSequence(sequence)) {
      const failed =
        visit.kind === "binding"
          ? bindingFits(cfs, types, visit)
          : visit.item.kind === "branch"
            ? branchFits(types, visit.item, visit.scope, visit.index)
            : null;
      if (failed !== null) return failed;
    }
    const { outputs, outputType, output, path } = sequence;
    const scope = sequenceScope(sequence);
    const failed =
      (outputs === null ? null : countFits(outputType, outputs, `${path}/outputs`)) ??
      (outputs === null ? null : valueCountFits(types, output, scope, outputs)) ??
      (output === null && outputType !== null && outputType !== "unit"
        ? mismatch(`${path}/output_type`, outputType, "unit")
        : null) ??
      tupleFits(types, output, scope, outputType);
    if (failed !== null) return failed;
  }
  return null;
}

/** The number of outputs is that of the type (6). */
function countFits(type: MaybeType, outputs: number, path: string): Failure | null {
  if (type === null) return null;
  const count = typeCount(type);
  if (count === outputs) return null;
  const message = `a value of type ${renderType(type)} counts as ${count} outputs, not ${outputs}`;
  return refusal("E_TYPE_MISMATCH", path, message);
}

function typeCount(type: TypeDescriptor): number {
  if (type === "unit") return 0;
  return typeof type === "object" && "tuple" in type ? type.tuple.length : 1;
}

/** A whole value handed on has as many outputs as the item that made it, typed or not. */
function valueCountFits(
  types: TypeTable,
  output: CfsOutput | null,
  scope: Scope,
  outputs: number,
): Failure | null {
  if (output?.kind !== "binding") return null;
  const { binding } = output;
  const { source } = binding;
  const type = types.bindingType(binding, scope);
  if (type !== null) return countFits(type, outputs, binding.path);
  if (source.kind !== "item_output") return null;
  const item = enclosingBlock(scope, source.up)?.items[source.item];
  const count = item === undefined ? null : types.outputCount(item);
  if (count === null || (count > 1 && !binding.whole) || count === outputs) return null;
  return refusal("E_TYPE_MISMATCH", binding.path, `expected ${outputs} outputs, found ${count}`);
}

function bindingFits(cfs: CfsShape, types: TypeTable, site: BindingSite): Failure | null {
  const { binding, scope } = site;
  const { literal, path } = binding;
  if (literal !== null) {
    const decoded = decodeValue(literal.type, literal.bytes);
    if (!decoded.ok) {
      const message = `the bytes are no ${renderType(literal.type)}: ${decoded.error.message}`;
      const failed = refusal("E_TYPE_MISMATCH", `${path}/literal/bytes`, message);
      return { ...failed, cause: decoded.error };
    }
  }
  const found = types.bindingType(binding, scope);
  if (isListArgument(site)) {
    if (found === null || elementType(found) !== null) return null;
    return refusal("E_TYPE_MISMATCH", path, `expected a list, found ${renderType(found)}`);
  }
  return equal(path, expectedType(cfs, types, site), found);
}

function isListArgument(site: BindingSite): boolean {
  const { use } = site;
  return (
    use.kind === "argument" &&
    use.index === 0 &&
    use.item.kind === "loop" &&
    use.item.mode === "for_each"
  );
}

/** The type that the place of a binding asks for, null where it asks for none. */
export function expectedType(
  cfs: Pick<Cfs, "tileById" | "sequenceById">,
  types: TypeTable,
  site: BindingSite,
): MaybeType {
  const { use, scope } = site;
  switch (use.kind) {
    case "argument": {
      const { item, index } = use;
      if (item.kind === "tile") return cfs.tileById.get(item.id)?.inputTypes?.[index] ?? null;
      if (item.kind === "sequence") {
        return cfs.sequenceById.get(item.id)?.inputTypes?.[index] ?? null;
      }
      if (item.kind !== "loop") return null;
      return types.loopTypes(item).states[stateIndex(item, index)] ?? null;
    }
    case "condition":
      return "bool";
    case "next":
      return types.loopTypes(use.loop).states[use.index] ?? null;
    case "collect":
      return null;
    case "output":
      return scope.owner.kind === "sequence" ? singleOutputType(scope) : null;
  }
}

function stateIndex(loop: CfsLoopItem, argument: number): number {
  return loop.mode === "for_each" ? argument - 1 : argument;
}

/** The declared type of a sequence whose value is one binding; tuples are compared as a whole. */
function singleOutputType(scope: Scope): MaybeType {
  const { output, outputType } = scope.sequence;
  return output?.kind === "binding" ? outputType : null;
}

function tupleFits(
  types: TypeTable,
  output: CfsOutput | null,
  scope: Scope,
  declared: MaybeType,
): Failure | null {
  if (output?.kind !== "tuple") return null;
  return equal(output.path, declared, types.outputType(output, scope));
}

function branchFits(
  types: TypeTable,
  branch: CfsBranchItem,
  scope: Scope,
  position: number,
): Failure | null {
  const tested = types.testedType(branch);
  for (const arm of branch.arms) {
    const failed = testFits(`${arm.path}/when`, arm.when, tested);
    if (failed !== null) return failed;
  }
  if (!isExhaustive(branch, tested)) {
    const message = "some value matches no arm; add a default arm";
    return refusal("E_TYPE_MISMATCH", `${branch.path}/arms`, message);
  }
  let first: MaybeType = null;
  for (const [index, { path, output }] of branch.arms.entries()) {
    const inner = armScope(scope, branch, { position, arm: index });
    const type = types.outputType(output, inner);
    const failed =
      valueCountFits(types, output, inner, branch.outputs) ?? equal(`${path}/output`, first, type);
    if (failed !== null) return failed;
    first ??= type;
  }
  return null;
}

function testFits(path: string, test: CfsTest, type: MaybeType): Failure | null {
  const plain = type === null ? null : outermost(type);
  switch (test.kind) {
    case "default":
      return null;
    case "bool":
    case "string":
      return equal(path, plain, test.kind);
    case "int":
      return intFits(path, test.value, plain);
    case "variant":
      return variantFits(path, test.name, type);
  }
}

function intFits(path: string, value: bigint, type: MaybeType): Failure | null {
  if (type === null) return undecidable(path);
  const form = typeof type === "string" ? INTEGER_BITS[type] : undefined;
  if (form === undefined) {
    return refusal("E_TYPE_MISMATCH", path, `an int test on a value of type ${renderType(type)}`);
  }
  const [signed, bits] = form;
  const end = 1n << (signed ? bits - 1n : bits);
  if (value < end && value >= (signed ? -end : 0n)) return null;
  return refusal("E_TYPE_MISMATCH", path, `${value} is no ${renderType(type)}`);
}

function variantFits(path: string, name: string, type: MaybeType): Failure | null {
  if (type === null) return undecidable(path);
  const variants = variantsOf(type);
  if (variants?.some((variant) => variant.name === name)) return null;
  const message = `the type ${renderType(type)} has no variant ${JSON.stringify(name)}`;
  return refusal("E_TYPE_MISMATCH", path, message);
}

function undecidable(path: string): Failure {
  const message = "the type of the tested value is unknown, so the test cannot be decided";
  return refusal("E_TYPE_MISMATCH", path, message);
}

function isExhaustive(branch: CfsBranchItem, type: MaybeType): boolean {
  const tests = branch.arms.map(({ when }) => when);
  if (tests.at(-1)?.kind === "default") return true;
  const bools = new Set(tests.flatMap((test) => (test.kind === "bool" ? [test.value] : [])));
  if (bools.size === 2) return true;
  const variants = type === null ? null : variantsOf(type);
  const names = new Set(tests.flatMap((test) => (test.kind === "variant" ? [test.name] : [])));
  return variants?.every(({ name }) => names.has(name)) ?? false;
}

function equal(path: string, expected: MaybeType, found: MaybeType): Failure | null {
  if (expected === null || found === null || sameType(expected, found)) return null;
  return mismatch(path, expected, found);
}

function mismatch(path: string, expected: TypeDescriptor, found: TypeDescriptor): Failure {
  const message = `expected ${renderType(expected)}, found ${renderType(found)}`;
  return refusal("E_TYPE_MISMATCH", path, message);
}
