// Another text of a module under the same symbols: where two trees differ in bodies of cells alone,
// the nodes of the first can take over places and bodies of the second. What was resolved keeps its
// identity, and everything that holds a span of the tree sees the new one.

import type { Module } from "@lumen/syntax";

/** Any value of a tree; nodes are plain objects, seen here by their properties only. */
type Part = unknown;
type Node = { [key: string]: Part };

/**
 * True when two trees differ only in bodies of cells with a written result, and in places. Nodes of
 * the first that share a span have one place in the second, too: it can only be given one.
 */
export function sameDeclarations(a: Module, b: Module): boolean {
  return sameShape(a, b, new Map());
}

/** Gives the nodes of `old` the places and bodies of `fresh`, whose declarations are the same. */
export function graft(old: Module, fresh: Module): void {
  graftPart(old, fresh);
}

function sameShape(a: Part, b: Part, places: Map<Node, Node>): boolean {
  if (!isNode(a) || !isNode(b)) return Object.is(a, b);
  if (isSpan(a)) return isSpan(b) && isItsPlace(a, b, places);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const skipped = bodyKey(a);
  return keys.every((key) => key in b && (key === skipped || sameShape(a[key], b[key], places)));
}

function isItsPlace(span: Node, fresh: Node, places: Map<Node, Node>): boolean {
  const known = places.get(span);
  if (known === undefined) places.set(span, fresh);
  return known === undefined || (known.start === fresh.start && known.end === fresh.end);
}

function graftPart(old: Part, fresh: Part): void {
  if (!isNode(old) || !isNode(fresh)) return;
  if (isSpan(old)) {
    Object.assign(old, fresh);
    return;
  }
  const replaced = bodyKey(old);
  for (const key of Object.keys(old)) {
    if (key === replaced) old[key] = fresh[key];
    else graftPart(old[key], fresh[key]);
  }
}

/** The property that may differ: the body of a cell whose result does not come from it. */
function bodyKey(node: Node): string | null {
  return node.kind === "cell" && node.result !== null && "body" in node ? "body" : null;
}

function isNode(part: Part): part is Node {
  return typeof part === "object" && part !== null;
}

function isSpan(node: Node): boolean {
  return typeof node.start === "number" && typeof node.end === "number";
}
