// What the registers of a loop over items hold, as far as types prove it (lir.md 8, iter_new).

import type { Type } from "../hir/type.ts";
import { ANY } from "../types/simple-types.ts";
import { sameLirType } from "./convert.ts";

/**
 * What iteration over a value of the type gives. Of a container that is known, since a cast of the
 * container has looked at its parts; what a generator or channel gives is cast when it comes.
 */
export function iteratedItem(type: Type): Type {
  if (type.kind === "list" || type.kind === "set") return type.item;
  return type.kind === "map" ? type.key : ANY;
}

/** The type of an iterator; any value where nothing is known of its items. */
export function iteratorOver(item: Type): Type {
  return sameLirType(item, ANY) ? ANY : { kind: "opaque", name: "Iterator", args: [item] };
}
