// Items inside bodies (language 5): records, enums and cells there belong to the module, but for
// the cells that capture a variable of the body around them.

import type { CellDecl, Item, Module } from "@lumen/syntax";
import type { TreeRules } from "../tree/rules.ts";
import { makeWalk } from "../tree/walk.ts";

/** What a module declares, with what its bodies declare. */
export interface LocalItems {
  /** Items of the module and those lifted out of bodies, in the order of the source. */
  readonly items: readonly Item[];
  /** Cells that stay where they are: values made when their statement is reached. */
  readonly capturing: ReadonlySet<CellDecl>;
}

/** The items of a module, those in bodies included. */
export function collectItems(module: Module): LocalItems {
  const items: Item[] = [];
  const capturing = new Set<CellDecl>();
  const enter = (item: Item, around: ReadonlySet<string>): void => {
    const captures =
      item.kind === "cell" &&
      around.size > 0 &&
      [...freeNames(item)].some((name) => around.has(name));
    if (captures) capturing.add(item);
    else items.push(item);
    visit(item, captures ? around : new Set());
  };
  const visit = (item: Item, around: ReadonlySet<string>): void => {
    const bound = new Set(around);
    const walk = makeWalk({
      ...bindingRules(bound),
      item: (inner, parts) => {
        // Methods have variables of their own.
        if (inner === item) return parts(inner);
        visit(inner, new Set());
        return inner;
      },
      statement: (s, parts) => {
        if (s.kind === "item") enter(s.item, bound);
        return [s.kind === "item" ? s : parts(s)];
      },
    });
    walk.item(item);
  };
  for (const item of module.items) enter(item, new Set());
  const bound = new Set<string>();
  const walk = makeWalk({
    ...bindingRules(bound),
    statement: (s, parts) => {
      if (s.kind === "item") enter(s.item, bound);
      return [s.kind === "item" ? s : parts(s)];
    },
  });
  walk.statements(module.statements);
  return { items, capturing };
}

/** Names that a cell uses and does not bind before. */
function freeNames(cell: CellDecl): ReadonlySet<string> {
  const bound = new Set<string>();
  const free = new Set<string>();
  const use = (name: string): void => {
    if (!bound.has(name)) free.add(name);
  };
  const walk = makeWalk({
    ...bindingRules(bound),
    expr: (e, parts) => {
      if (e.kind === "name") use(e.name);
      return parts(e);
    },
    place: (p, parts) => {
      use(p.root.text);
      bound.add(p.root.text);
      return parts(p);
    },
  });
  walk.item(cell);
  return free;
}

/** Adds every name that the walked part binds, an assignment included. */
function bindingRules(bound: Set<string>): TreeRules {
  return {
    binder: (n) => {
      bound.add(n.text);
      return n;
    },
    pattern: (p, parts) => {
      if (p.kind === "name") bound.add(p.name);
      else if (p.kind === "typed") bound.add(p.name.text);
      else if (p.kind === "fields") for (const name of p.names) bound.add(name.text);
      else if (p.kind === "list" && p.rest?.name) bound.add(p.rest.name.text);
      else if (p.kind === "constructor") {
        for (const { label, pattern } of p.args ?? [])
          if (label !== null && pattern === null) bound.add(label.text);
      }
      return parts(p);
    },
    place: (p, parts) => {
      bound.add(p.root.text);
      return parts(p);
    },
  };
}
