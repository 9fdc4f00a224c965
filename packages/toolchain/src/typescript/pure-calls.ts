// A source as it goes into guests: JavaScript in which declarations that a tile does not use fall
// away. For that the bundler has to know that calls of the library at the top of a module have no
// effects, and which types they take.

import { type CallExpression, type Node, type Program, parse } from "acorn";
import { LIBRARY_NAMES } from "./library-files.ts";

/** A text in the place of another. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Name under which guests import the types one by one. */
export const TYPES_NAME = "lumen:types";

/** What prepares the JavaScript of a source, from its beginning to its end. */
export function pureCallEdits(code: string): readonly Edit[] {
  const program = parse(code, { ecmaVersion: 2022, sourceType: "module" });
  const imports = libraryImports(program);
  if (imports.names.size === 0) return [];
  const edits = [...imports.edits, ...callEdits(program, imports.names)];
  return edits.sort((a, b) => a.start - b.start);
}

interface LibraryImports {
  /** Local names of what is imported. */
  readonly names: ReadonlySet<string>;
  readonly edits: readonly Edit[];
}

/** Imports of the library; `t` becomes a module of its own, whose parts fall away one by one. */
function libraryImports(program: Program): LibraryImports {
  const names = new Set<string>();
  const edits: Edit[] = [];
  for (const node of program.body) {
    if (node.type !== "ImportDeclaration") continue;
    if (!LIBRARY_NAMES.includes(String(node.source.value))) continue;
    const kept: string[] = [];
    const types: string[] = [];
    let isWhole = false;
    for (const specifier of node.specifiers) {
      names.add(specifier.local.name);
      if (specifier.type !== "ImportSpecifier") {
        isWhole = true;
        continue;
      }
      const { imported, local } = specifier;
      const name = imported.type === "Identifier" ? imported.name : String(imported.value);
      if (name === "t") types.push(local.name);
      else kept.push(`${name} as ${local.name}`);
    }
    if (isWhole) continue;
    const from = JSON.stringify(node.source.value);
    const text = [
      `import { ${kept.join(", ")} } from ${from};`,
      ...types.map((local) => `import * as ${local} from "${TYPES_NAME}";`),
    ].join(" ");
    edits.push({ start: node.start, end: node.end, text });
  }
  return { names, edits };
}

/** Marks the calls outside of functions that begin with a name of the library. */
function callEdits(program: Program, names: ReadonlySet<string>): readonly Edit[] {
  const edits: Edit[] = [];
  const visit = (node: Node): void => {
    if (/Function/.test(node.type)) return;
    if (isCall(node) && names.has(rootName(node.callee)))
      edits.push({ start: node.start, end: node.start, text: "/* @__PURE__ */ " });
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return edits;
}

function isCall(node: Node): node is CallExpression {
  return node.type === "CallExpression";
}

/** The name at the front of `a.b.c`; empty for anything else. */
function rootName(node: Node): string {
  if ("object" in node && isNode(node.object)) return rootName(node.object);
  return node.type === "Identifier" && "name" in node ? String(node.name) : "";
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value: unknown): readonly Node[] => {
    const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
    return parts.filter(isNode);
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
