// The implicit parameter of methods of agents, processes and actors (language 12).

import type { CellDecl } from "@lumen/syntax";
import { nameAt, param } from "./tree.ts";

/** Methods take the instance, whether they say so or not. */
export function withSelf(decl: CellDecl): CellDecl {
  if (decl.params[0]?.name.text === "self") return decl;
  return { ...decl, params: [param(nameAt("self", decl.name.span)), ...decl.params] };
}
