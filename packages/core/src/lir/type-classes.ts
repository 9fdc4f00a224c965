// Which entries of type tables mean the same type, whatever module they stand in (lir.md 1).

import { required } from "../result/result.ts";
import { mapParts } from "./map-parts.ts";
import type { LirModule } from "./module.ts";
import type { LirType, TypeIndex } from "./types.ts";

/** The class of an entry: equal for equal types. */
export type TypeClasses = (module: LirModule, index: TypeIndex) => number;

/**
 * Classes of all types of the modules. Types may refer to themselves and to each other; to write
 * each out would take as much text as there are paths between them; so entries begin as equal where
 * their own words are, and are told apart by the classes of their parts until nothing changes.
 */
export function classifyTypes(modules: readonly LirModule[]): TypeClasses {
  const starts = new Map<LirModule, number>();
  const nodes: Node[] = [];
  for (const module of new Set(modules)) {
    const start = nodes.length;
    starts.set(module, start);
    for (const type of module.types) nodes.push(nodeOf(type, start));
  }
  const classes = refined(nodes);
  return (module, index) => {
    const start = required(starts.get(module), "the module is one of those");
    return required(classes[start + index], "the type exists");
  };
}

/** An entry: its own words without its parts, and where these stand among the nodes. */
interface Node {
  readonly shape: string;
  readonly parts: readonly number[];
}

function nodeOf(type: LirType, start: number): Node {
  const parts: number[] = [];
  const bare = mapParts(type, (part) => {
    parts.push(start + part);
    return 0;
  });
  return { shape: JSON.stringify(bare), parts };
}

/** Classes of nodes. After a split those with a part in a new class are looked at again. */
function refined(nodes: readonly Node[]): readonly number[] {
  const users: number[][] = nodes.map(() => []);
  for (const [i, { parts }] of nodes.entries()) for (const part of parts) users[part]?.push(i);
  const byShape = [...groupedBy(nodes.keys(), (i) => nodes[i]?.shape ?? "").values()];
  const classes: number[] = [];
  const sizes = byShape.map((group) => group.length);
  for (const [id, group] of byShape.entries()) for (const node of group) classes[node] = id;
  let open: Iterable<number> = nodes.keys();
  for (let isStable = false; !isStable; ) {
    const moved: number[] = [];
    const signature = (i: number): string =>
      (nodes[i]?.parts ?? []).map((part) => classes[part]).join(" ");
    const splits = [...groupedBy(open, (i) => classes[i] ?? 0)].map(([id, group]) => {
      return { id, count: group.length, groups: [...groupedBy(group, signature).values()] };
    });
    for (const { id, count, groups } of splits) {
      groups.sort((a, b) => b.length - a.length);
      // The members that were not looked at stay; where there are none, the largest group does.
      for (const group of count === sizes[id] ? groups.slice(1) : groups) {
        for (const node of group) classes[node] = sizes.length;
        sizes[id] = (sizes[id] ?? 0) - group.length;
        sizes.push(group.length);
        for (const node of group) moved.push(node);
      }
    }
    open = new Set(moved.flatMap((node) => users[node] ?? []));
    isStable = moved.length === 0;
  }
  return classes;
}

function groupedBy<K>(items: Iterable<number>, keyOf: (item: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
