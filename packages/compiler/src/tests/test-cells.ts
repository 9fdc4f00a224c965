// Which cells of a module are tests (language 17.6), and what of it is written wrong. By the shape
// of the tree alone: the checker asks for one cell, the test runner for a whole module.

import type { Span } from "@lumen/core/diagnostic";
import type { Attribute, CellDecl, Module, Param } from "@lumen/syntax";

/** A cell that `lumen test` runs. */
export interface TestCell {
  /** As shown: the text of `@test(name: "…")`, else the cell's name. */
  readonly name: string;
  readonly cell: string;
  /** The cell that is entered, which has no parameters. */
  readonly entry: string;
  readonly isSkipped: boolean;
  readonly span: Span;
}

/** What `lumen test` does with a module. */
export interface TestModule {
  /** In the order of the source. */
  readonly tests: readonly TestCell[];
  /** Cells marked `@snapshot`, whose code is compared with what is stored. */
  readonly snapshots: readonly { readonly cell: string; readonly span: Span }[];
}

/** A mistake in what marks a test. */
export interface TestMistake {
  readonly span: Span;
  readonly message: string;
  readonly help: string;
}

/** The tests of a module; nothing where it has none. */
export function testModule(module: Module): TestModule {
  const cells = module.items.filter((item) => item.kind === "cell");
  return {
    tests: cells.flatMap((decl) => testOf(decl) ?? []),
    snapshots: cells
      .filter((decl) => attributeOf(decl, "snapshot") !== undefined)
      .map((decl) => ({ cell: decl.name.text, span: decl.name.span })),
  };
}

/** The test that a cell is, or null. A cell that needs arguments is none. */
export function testOf(decl: CellDecl): TestCell | null {
  const attribute = attributeOf(decl, "test");
  const isTest = attribute !== undefined || decl.name.text.startsWith("test_");
  if (!isTest || needed(decl).length > 0) return null;
  const cell = decl.name.text;
  return {
    name: attribute === undefined ? cell : (nameOf(attribute) ?? cell),
    cell,
    entry: decl.params.length === 0 ? cell : testEntryName(cell),
    isSkipped: attribute?.args.some(isSkip) ?? false,
    span: decl.name.span,
  };
}

/** The compiler-made cell that calls a test with the defaults of its parameters. */
export function testEntryName(cell: string): string {
  return `${cell}$test`;
}

/** What is wrong with `@test` on a cell. */
export function testMistakes(decl: CellDecl): readonly TestMistake[] {
  const attribute = attributeOf(decl, "test");
  if (attribute === undefined) return [];
  const wrong = attribute.args.filter((arg) => !isSkip(arg) && textOf(arg) === null);
  const mistakes = wrong.map(({ value }) => ({
    span: value.span,
    message: "'@test' does not take this",
    help: 'Write `@test`, `@test(skip)` or `@test(name: "…")`.',
  }));
  const params = needed(decl).map((p) => `'${p.name.text}'`);
  if (params.length === 0) return mistakes;
  const message = `a test is called without arguments, and '${decl.name.text}' needs ${params.join(", ")}`;
  const help = "Give every parameter a default, or take `@test` away.";
  return [...mistakes, { span: decl.name.span, message, help }];
}

function needed(decl: CellDecl): readonly Param[] {
  return decl.params.filter((p) => p.default === null && !p.isVariadic);
}

function attributeOf(decl: CellDecl, name: string): Attribute | undefined {
  return decl.attributes.find((a) => a.name.text === name);
}

function isSkip({ name, value }: Attribute["args"][number]): boolean {
  return name === null && value.kind === "name" && value.name === "skip";
}

function nameOf(attribute: Attribute): string | null {
  for (const arg of attribute.args) {
    const text = textOf(arg);
    if (text !== null) return text;
  }
  return null;
}

function textOf({ name, value }: Attribute["args"][number]): string | null {
  return name?.text === "name" && value.kind === "string" ? value.value : null;
}
