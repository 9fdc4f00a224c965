// Walks the blocks of a sequence in document order and says for each binding what it can see:
// enclosing blocks, arms and loops (spec/formats.md 9.7).

import type {
  CfsBinding,
  CfsBranchItem,
  CfsItem,
  CfsLoopItem,
  CfsOutput,
  CfsSequence,
} from "./model.ts";

/** What owns a block. */
export type BlockOwner =
  | { readonly kind: "sequence" }
  | { readonly kind: "arm"; readonly branch: CfsBranchItem; readonly arm: number }
  | { readonly kind: "head"; readonly loop: CfsLoopItem }
  | { readonly kind: "body"; readonly loop: CfsLoopItem };

/** A block with the chain of blocks around it. */
export interface Scope {
  readonly sequence: CfsSequence;
  readonly owner: BlockOwner;
  readonly items: readonly CfsItem[];
  readonly parent: Scope | null;
  /** Index of the owning branch or loop in the parent's items; 0 for a sequence. */
  readonly position: number;
}

/** What a binding is for. */
export type BindingUse =
  | { readonly kind: "argument"; readonly item: CfsItem; readonly index: number }
  | { readonly kind: "output" }
  | { readonly kind: "condition" }
  | { readonly kind: "next"; readonly loop: CfsLoopItem; readonly index: number }
  | { readonly kind: "collect"; readonly loop: CfsLoopItem };

/** An item, before its arguments and inner blocks; or a binding. */
export type Visit =
  | { readonly kind: "item"; readonly item: CfsItem; readonly scope: Scope; readonly index: number }
  | BindingSite;

/** A binding and what it sees: items of `scope` before `limit`. */
export interface BindingSite {
  readonly kind: "binding";
  readonly binding: CfsBinding;
  readonly scope: Scope;
  readonly limit: number;
  readonly use: BindingUse;
}

/** The block of a sequence itself. */
export function sequenceScope(sequence: CfsSequence): Scope {
  const owner = { kind: "sequence" } as const;
  return { sequence, owner, items: sequence.items, parent: null, position: 0 };
}

/** The block of one arm. */
export function armScope(parent: Scope, branch: CfsBranchItem, at: BlockPosition): Scope {
  const { sequence } = parent;
  const items = branch.arms[at.arm]?.items ?? [];
  const owner = { kind: "arm", branch, arm: at.arm } as const;
  return { sequence, owner, items, parent, position: at.position };
}

/** Where an arm is. */
export interface BlockPosition {
  readonly position: number;
  readonly arm: number;
}

/** The head block of a `while` loop. */
export function headScope(parent: Scope, loop: CfsLoopItem, position: number): Scope {
  const items = loop.head?.items ?? [];
  return { sequence: parent.sequence, owner: { kind: "head", loop }, items, parent, position };
}

/** The body block of a loop. */
export function bodyScope(parent: Scope, loop: CfsLoopItem, position: number): Scope {
  const { items } = loop.body;
  return { sequence: parent.sequence, owner: { kind: "body", loop }, items, parent, position };
}

/** The `up`-th block around `scope` (0: itself), null outside the sequence. */
export function enclosingBlock(scope: Scope, up: number): Scope | null {
  let at: Scope | null = scope;
  for (let i = 0; i < up && at !== null; i += 1) at = at.parent;
  return at;
}

/** The block of the `up`-th enclosing arm, null if there is none. */
export function enclosingArm(scope: Scope, up: number): Scope | null {
  return enclosing(scope, up, (owner) => owner.kind === "arm");
}

/** The block of the `up`-th enclosing loop, null if there is none. */
export function enclosingLoop(scope: Scope, up: number): Scope | null {
  return enclosing(scope, up, (owner) => owner.kind === "head" || owner.kind === "body");
}

function enclosing(scope: Scope, up: number, fits: (owner: BlockOwner) => boolean): Scope | null {
  let left = up;
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    if (!fits(at.owner)) continue;
    if (left === 0) return at;
    left -= 1;
  }
  return null;
}

/** How many blocks `outer` lies above `inner`. */
export function blockDistance(inner: Scope, outer: Scope): number {
  let distance = 0;
  for (let at: Scope | null = inner; at !== null && at !== outer; at = at.parent) distance += 1;
  return distance;
}

/** Number of items that a binding of `site` may reference in the block `up` levels out. */
export function visibleItems(site: BindingSite, up: number): number {
  if (up === 0) return site.limit;
  return enclosingBlock(site.scope, up - 1)?.position ?? 0;
}

/** Bindings of an output in order. */
export function outputBindings(output: CfsOutput | null): readonly CfsBinding[] {
  if (output === null) return [];
  return output.kind === "tuple" ? output.bindings : [output.binding];
}

/** Everything inside a sequence, in document order. */
export function* walkSequence(sequence: CfsSequence): Generator<Visit> {
  const scope = sequenceScope(sequence);
  yield* walkBlock(scope);
  yield* walkOutput(scope, sequence.output);
}

function* walkBlock(scope: Scope): Generator<Visit> {
  for (const [index, item] of scope.items.entries()) {
    yield { kind: "item", item, scope, index };
    for (const [i, binding] of item.args.entries()) {
      const use = { kind: "argument", item, index: i } as const;
      yield { kind: "binding", binding, scope, limit: index, use };
    }
    if (item.kind === "branch") yield* walkArms(scope, item, index);
    if (item.kind === "loop") yield* walkLoop(scope, item, index);
  }
}

function* walkArms(parent: Scope, branch: CfsBranchItem, position: number): Generator<Visit> {
  for (const [arm, { output }] of branch.arms.entries()) {
    const scope = armScope(parent, branch, { position, arm });
    yield* walkBlock(scope);
    yield* walkOutput(scope, output);
  }
}

function* walkLoop(parent: Scope, loop: CfsLoopItem, position: number): Generator<Visit> {
  if (loop.head !== null) {
    const scope = headScope(parent, loop, position);
    yield* walkBlock(scope);
    yield atEnd(scope, loop.head.condition, { kind: "condition" });
  }
  const scope = bodyScope(parent, loop, position);
  yield* walkBlock(scope);
  for (const [index, binding] of loop.body.next.entries()) {
    yield atEnd(scope, binding, { kind: "next", loop, index });
  }
  if (loop.body.collect !== null) yield atEnd(scope, loop.body.collect, { kind: "collect", loop });
}

function* walkOutput(scope: Scope, output: CfsOutput | null): Generator<Visit> {
  for (const binding of outputBindings(output)) yield atEnd(scope, binding, { kind: "output" });
}

function atEnd(scope: Scope, binding: CfsBinding, use: BindingUse): BindingSite {
  return { kind: "binding", binding, scope, limit: scope.items.length, use };
}
