// Checks a whole program: modules to typed trees with effect rows, tile signatures and diagnostics.

import { type Diagnostic, hasErrors } from "@lumen/core/diagnostic";
import { type CellDecl, parseModule } from "@lumen/syntax";
import { analyseModules, needsAnalyses } from "../analyses/analyse.ts";
import { checkBudgets } from "../effects/budgets.ts";
import { DISPATCH_MODULE, dispatchCells } from "../effects/dispatch.ts";
import { checkObligations, checkRows } from "../effects/effects.ts";
import { fallbackModule } from "../effects/fallbacks.ts";
import { checkGrants } from "../effects/grants.ts";
import { checkPolicies } from "../effects/policy.ts";
import { inferRows, type Rows } from "../effects/rows.ts";
import { checkTraitRows } from "../effects/trait-rows.ts";
import { expandMacros } from "../expand/expand-macros.ts";
import type { HirCell, HirModule } from "../hir/hir.ts";
import type { CellRef, EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { checkMaturity, type MaturityOptions } from "../maturity/check-maturity.ts";
import type { FeatureName } from "../maturity/features.ts";
import type { ModuleHost, ModuleSource } from "../module-host.ts";
import { checkChildren } from "../processes/check-children.ts";
import { checkMachineTypes } from "../processes/check-machines.ts";
import { checkStages, silenceRun } from "../processes/pipelines.ts";
import { declareNames, declareTypes, itemsOf, makeScope } from "../resolve/declare.ts";
import { declareAliases, declareImports } from "../resolve/imports.ts";
import { membersOf } from "../resolve/members.ts";
import { loadModules } from "../resolve/module-graph.ts";
import {
  type ActivePatternSymbol,
  type CellSymbol,
  type ModuleScope,
  report,
} from "../resolve/scope.ts";
import { STANDARD_PREFIX } from "../resolve/standard-modules.ts";
import { declareGrantedTools } from "../resolve/tools.ts";
import { completeTypestates } from "../resolve/typestates.ts";
import { checkTileSignature, type TileSignature } from "../tiles/signatures.ts";
import { excessOfDeclaration } from "../types/type-size.ts";
import { checkBlock, checkBody } from "./bodies.ts";
import { aliasCell, checkCell, recordCells, resultOfCell, scriptCell } from "./cells.ts";
import { checkComptimeRows } from "./comptime.ts";
import { areSimpleConstants, valueOfConstant } from "./constants.ts";
import type { CheckedCell, Rules, Session } from "./context.ts";
import { checkExpression } from "./expressions.ts";
import { checkExtractor, checkExtractors } from "./extractors.ts";
import { checkHandlers } from "./handlers.ts";
import { checkImpls } from "./impls.ts";
import { collectMethods } from "./methods.ts";
import { shed } from "./shed.ts";
import { testEntry } from "./test-cells.ts";

/** A tile or sequence with the descriptors of its signature. */
export interface CheckedUnit {
  readonly symbol: CellSymbol;
  readonly signature: TileSignature;
}

/** What later phases need. `units` holds tiles and sequences by id. */
export interface CheckedProgram {
  /** Root first, then imports in the order of first import; `std.prelude` last. */
  readonly modules: readonly HirModule[];
  readonly scopes: ReadonlyMap<string, ModuleScope>;
  readonly units: ReadonlyMap<string, CheckedUnit>;
  readonly diagnostics: readonly Diagnostic[];
  /** Wire bytes of the texts that constants were folded to. */
  readonly constantBytes: number;
}

/** What a package decides about its source. `secrets`: names that no program may ask for (11.7). */
export interface RuleOptions extends MaturityOptions {
  readonly secrets?: readonly string[];
}

/** `keepsTrees` (default true): false where only the diagnostics are wanted, which costs less. */
export interface CheckOptions extends RuleOptions {
  readonly keepsTrees?: boolean;
}

/** Loads, resolves and checks the program that `root` begins. Never throws on bad source. */
export function checkProgram(
  root: ModuleSource,
  host: ModuleHost,
  options: CheckOptions = {},
): CheckedProgram {
  const typed = typeProgram(root, host, options);
  const { scopes, units } = typed;
  const { byModule, rows } = judgeProgram(typed);
  const fallbacks = fallbackModule(scopes, rows);
  const byName = new Map(scopes.map((s): [string, ModuleScope] => [s.source.name, s]));
  // Lazily: who asks for diagnostics alone needs none, but for some analyses.
  let made: readonly HirModule[] | null = null;
  const modules = (): readonly HirModule[] => {
    made ??= byModule.map((m) => makeModule(m.scope, m.cells, rows));
    return made;
  };
  if (needsAnalyses(scopes) && !scopes.some((s) => hasErrors(s.diagnostics)))
    analyseModules(modules(), byName);
  return {
    get modules() {
      return fallbacks === null ? modules() : [...modules(), fallbacks];
    },
    scopes: byName,
    units,
    diagnostics: inSourceOrder(scopes),
    constantBytes: typed.session.constantBytes,
  };
}

/** The cells of a module, with those that the compiler made for them. */
export interface TypedModule {
  readonly scope: ModuleScope;
  readonly cells: readonly CheckedCell[];
}

/** A program whose cells are typed, each by itself. */
export interface TypedProgram {
  readonly session: Session;
  readonly scopes: readonly ModuleScope[];
  /** The module of trait calls. */
  readonly traits: ModuleScope;
  readonly units: ReadonlyMap<string, CheckedUnit>;
  /** Diagnostics of a module before its cells were looked at. */
  readonly declared: ReadonlyMap<ModuleScope, number>;
  readonly modules: readonly TypedModule[];
}

/** From sources to typed cells: what does not depend on the effects of other cells. */
export function typeProgram(
  root: ModuleSource,
  host: ModuleHost,
  options: CheckOptions,
): TypedProgram {
  const graph = loadModules(root, host);
  const scopes = graph.order;
  for (const scope of scopes)
    if (!scope.source.name.startsWith("std.")) checkMaturity(scope, options);
  expandMacros(graph.importsFirst);
  for (const scope of scopes) declareNames(scope);
  for (const scope of graph.importsFirst) declareImports(scope, "types");
  for (const scope of scopes) declareAliases(scope);
  for (const scope of scopes) declareTypes(scope);
  for (const scope of graph.importsFirst) declareImports(scope, "all");
  for (const scope of scopes) declareAliases(scope);
  for (const scope of scopes) completeTypestates(scope);
  checkDepths(scopes);
  for (const scope of scopes) declareGrantedTools(scope);
  checkBudgets(scopes);
  checkGrants(scopes);
  const session: Session = {
    graph,
    keepsTrees: (options.keepsTrees ?? true) || needsTrees(scopes),
    isEntangled: false,
    hasConstraints: scopes.some(({ ast }) =>
      ast.items.some((item) => item.kind === "alias" && item.constraint !== null),
    ),
    constantBytes: 0,
    secrets: new Set(options.secrets),
    checked: new Map(),
    inProgress: new Set(),
    rules: RULES,
    obligations: [],
    methods: collectMethods(scopes),
  };
  checkImpls(scopes);
  const traits = dispatchScope();
  checkProcesses(session, scopes);
  const units = checkUnits(scopes);
  const declared = new Map(scopes.map((s): [ModuleScope, number] => [s, s.diagnostics.length]));
  const modules = scopes.map((scope) => ({
    scope,
    cells: checkModule(session, scope, isLibrary(session, scope) ? "types" : "all"),
  }));
  return { session, scopes, traits, units, declared, modules };
}

/** Declarations that hold one another too deep (E0016). */
function checkDepths(scopes: readonly ModuleScope[]): void {
  const known = new Map<RecordSymbol | EnumSymbol, number>();
  for (const scope of scopes) {
    for (const type of new Set(scope.types.values())) {
      if (type.kind !== "record" && type.kind !== "enum") continue;
      const { symbol } = type;
      const excess =
        symbol.module === scope.source.name ? excessOfDeclaration(symbol, known) : null;
      if (excess === null) continue;
      report(scope, "E0016", symbol.span, excess, { help: "Hold a part of it as Json or text." });
      // Each that holds it would be too deep as well.
      return;
    }
  }
}

const RULES: Rules = {
  expr: checkExpression,
  block: checkBlock,
  body: checkBody,
  cellResult: resultOfCell,
};

/** What only the whole program shows: rows and all that follows from them. */
export function judgeProgram(typed: TypedProgram): {
  readonly byModule: readonly TypedModule[];
  readonly rows: Rows;
} {
  const { session, scopes, traits, modules } = typed;
  const dispatch = dispatchCells(traits, scopes, session.methods);
  const first = dispatch.length > 0 ? [...modules, { scope: traits, cells: dispatch }] : modules;
  checkHandlers(session, scopes);
  const inferred = inferRows(
    first.flatMap((m) => m.cells),
    (cell) => libraryCells(session, cell),
  );
  const { all, rows } = inferred;
  const byModule = first.map((m) => withLibrary(session, m));
  checkRows(all, inferred);
  checkTraitRows(scopes, inferred);
  checkComptimeRows(all, rows);
  checkExtractors(ownPatterns(scopes), all, rows);
  checkObligations(session.obligations, inferred);
  checkPolicies(scopes, all, inferred);
  return { byModule, rows };
}

/** Features whose analyses follow values through trees, or whose code the compiler runs. */
const NEED_TREES: readonly FeatureName[] = [
  "session_types",
  "typestate",
  "linear_types",
  "comptime",
];

/** Sequences are read out of their trees too, and constants may call any cell. */
export function needsTrees(scopes: readonly ModuleScope[]): boolean {
  return scopes.some(
    ({ features, cells, consts }) =>
      NEED_TREES.some((name) => features.has(name)) ||
      !areSimpleConstants(consts.values()) ||
      [...cells.values()].some((c) => c.sequence !== null),
  );
}

function ownPatterns(scopes: readonly ModuleScope[]): readonly ActivePatternSymbol[] {
  return scopes.flatMap((scope) =>
    [...new Set(scope.activePatterns.values())].filter((p) => p.scope === scope),
  );
}

/** What concerns processes as a whole: types of machines, stages of pipelines (language 12). */
function checkProcesses(session: Session, scopes: readonly ModuleScope[]): void {
  const resultOf = (cell: CellSymbol): Type => resultOfCell(session, cell);
  for (const scope of scopes) {
    for (const item of scope.ast.items) {
      if (item.kind === "supervisor") checkChildren(scope, item, resultOf);
      if (item.kind !== "process") continue;
      if (item.process === "machine" && !scope.broken.has(item)) {
        checkMachineTypes(session, scope, item);
      } else if (item.stages.length > 0 && !checkStages(scope, item, resultOf)) {
        silenceRun(scope, item);
      }
    }
  }
}

/** The module of trait calls has no source. */
function dispatchScope(): ModuleScope {
  const source = { name: DISPATCH_MODULE, path: "", text: "" };
  return makeScope(source, parseModule("traits.lm", ""));
}

/** Signatures of tiles and sequences; ids are unique over the program (E0803). */
function checkUnits(scopes: readonly ModuleScope[]): ReadonlyMap<string, CheckedUnit> {
  const seen = new Set<string>();
  const units = new Map<string, CheckedUnit>();
  for (const scope of scopes) {
    for (const symbol of unitsOf(scope)) {
      const id = symbol.ref.name;
      if (seen.has(id)) {
        report(
          scope,
          "E0803",
          symbol.nameSpan,
          `'${id}' is declared twice as a tile or sequence of this program`,
        );
        continue;
      }
      seen.add(id);
      const signature = checkTileSignature(symbol);
      if (signature !== null) units.set(id, { symbol, signature });
    }
  }
  return units;
}

/** Tiles and sequences of a module, once each. */
function unitsOf(scope: ModuleScope): ReadonlySet<CellSymbol> {
  const found = new Set<CellSymbol>();
  for (const symbol of scope.cells.values()) {
    const isUnit = symbol.tile !== null || symbol.sequence !== null;
    if (isUnit && symbol.scope === scope) found.add(symbol);
  }
  return found;
}

/** A module of the standard library beside the program: cells are checked when they are called. */
function isLibrary(session: Session, scope: ModuleScope): boolean {
  return scope !== session.graph.root && scope.source.name.startsWith(STANDARD_PREFIX);
}

/** The cell of a library with its compiler-made ones; nothing where no library has it. */
function libraryCells(session: Session, cell: CellRef): readonly CheckedCell[] {
  if (!cell.module.startsWith(STANDARD_PREFIX)) return [];
  const scope = session.graph.order.find((s) => s.source.name === cell.module);
  const symbol = scope?.cells.get(cell.name);
  if (scope === undefined || symbol?.scope !== scope || !isLibrary(session, scope)) return [];
  return withHidden(checkCell(session, symbol));
}

/** A library with those of its cells that are called, in source order. */
function withLibrary(session: Session, { scope, cells }: TypedModule): TypedModule {
  if (!isLibrary(session, scope)) return { scope, cells };
  const called = [...new Set(scope.cells.values())].flatMap((symbol) => {
    const checked = symbol.scope === scope ? session.checked.get(symbol) : undefined;
    return checked === undefined ? [] : withHidden(checked);
  });
  return { scope, cells: [...cells, ...called] };
}

function withHidden(checked: CheckedCell): readonly CheckedCell[] {
  return [checked, ...checked.hidden.flatMap(withHidden)];
}

/**
 * Every cell of a module in source order, each followed by the compiler-made ones of its own; of
 * `types` only cells that belong to types: defaults and constraints.
 */
export function checkModule(
  session: Session,
  scope: ModuleScope,
  which: "all" | "types" = "all",
): readonly CheckedCell[] {
  const cells: CheckedCell[] = [];
  const add = (checked: CheckedCell): void => {
    cells.push(checked);
    for (const hidden of checked.hidden) add(hidden);
  };
  const addOwn = (checked: CheckedCell): void => add(shed(session, checked));
  const addNamed = (name: string): void => {
    if (which === "types") return;
    const symbol = scope.cells.get(name);
    if (symbol?.scope === scope) add(checkCell(session, symbol));
  };
  const addCell = (item: CellDecl): void => {
    const symbol = scope.cells.get(item.name.text);
    if (symbol?.decl !== item) return;
    addNamed(item.name.text);
    const entry = testEntry(session, symbol, item);
    if (entry !== null) addOwn(entry);
  };
  for (const item of itemsOf(scope)) {
    switch (item.kind) {
      case "record": {
        const type = scope.types.get(item.name.text);
        if (type?.kind === "record" && type.symbol.span === item.name.span) {
          for (const cell of recordCells(session, type.symbol, type.constraints)) addOwn(cell);
        }
        break;
      }
      case "cell":
        addCell(item);
        break;
      case "alias":
        if (item.constraint !== null && scope.types.get(item.name.text)?.kind === "alias") {
          add(aliasCell(session, { decl: item, scope, nullable: false }));
        }
        break;
      case "const": {
        const symbol = scope.consts.get(item.name.text);
        const value = symbol?.decl === item ? valueOfConstant(session, symbol) : null;
        if (value?.kind === "evaluated") for (const cell of value.cells) add(cell);
        break;
      }
      case "activePattern": {
        const symbol = scope.activePatterns.get(item.name.text);
        if (symbol?.decl === item) add(checkExtractor(session, symbol));
        break;
      }
      default:
        break;
    }
    for (const member of membersOf(scope, item)) {
      if (scope.cells.get(member.name)?.decl === member.decl) addNamed(member.name);
    }
  }
  const script = scriptCell(session, scope);
  if (script !== null) addOwn(script);
  return cells;
}

function makeModule(scope: ModuleScope, cells: readonly CheckedCell[], rows: Rows): HirModule {
  const own = [...new Set(scope.types.values())];
  const name = scope.source.name;
  const symbols = [...new Set(scope.cells.values())].filter((s) => s.scope === scope);
  return {
    name,
    path: scope.source.path,
    cells: cells.map(
      (c): HirCell => ({
        ...c.cell,
        row: rows.get({ module: name, name: c.cell.name }) ?? [],
      }),
    ),
    records: own.flatMap((t) =>
      t.kind === "record" && t.symbol.module === name ? [t.symbol] : [],
    ),
    enums: own.flatMap((t) => (t.kind === "enum" && t.symbol.module === name ? [t.symbol] : [])),
    tiles: symbols.flatMap((s) => (s.tile === null ? [] : [s.tile])),
    sequences: symbols.flatMap((s) => (s.sequence === null ? [] : [s.sequence])),
  };
}

/** By module in program order, then by place; exact repetitions are dropped. */
export function inSourceOrder(scopes: readonly ModuleScope[]): readonly Diagnostic[] {
  return scopes.flatMap((scope) => {
    const seen = new Set<string>();
    const unique = scope.diagnostics.filter((d) => {
      const key = `${d.code} ${d.span.start} ${d.span.end} ${d.message}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return unique.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  });
}
