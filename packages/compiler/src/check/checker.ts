// A checker that is asked again and again, as an editor does: after an edit inside bodies of cells
// only the modules with the edit are parsed and checked anew. What depends on effects is judged
// anew for the whole program, which is cheap. Everything else is checked as if for the first time.

import type { Diagnostic } from "@lumen/core/diagnostic";
import { type ParsedModule, parseModule } from "@lumen/syntax";
import { checkMaturity } from "../maturity/check-maturity.ts";
import { featureUses } from "../maturity/feature-uses.ts";
import type { ModuleHost, ModuleSource } from "../module-host.ts";
import { itemsOf } from "../resolve/declare.ts";
import type { ModuleScope } from "../resolve/scope.ts";
import { graft, sameDeclarations } from "../tree/graft.ts";
import {
  checkModule,
  inSourceOrder,
  judgeProgram,
  needsTrees,
  type RuleOptions,
  type TypedModule,
  type TypedProgram,
  typeProgram,
} from "./check-program.ts";

/** The answer of a checker. */
export interface CheckResult {
  /** Those of `checkProgram`, equal in every part. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names of the modules whose cells were checked for it, in program order. */
  readonly checked: readonly string[];
}

/** Keeps what it knows about the program that it checked last. */
export interface Checker {
  readonly check: (root: ModuleSource, host: ModuleHost) => CheckResult;
}

/** What is known of the last program. `local`: diagnostics of a module without those of effects. */
interface Known {
  readonly typed: TypedProgram;
  readonly local: ReadonlyMap<ModuleScope, number>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Edit {
  readonly scope: ModuleScope;
  readonly source: ModuleSource;
}

/** A checker with nothing known yet. */
export function createChecker(options: RuleOptions = {}): Checker {
  let known: Known | null = null;
  const checkAll = (root: ModuleSource, host: ModuleHost): CheckResult => {
    const typed = typeProgram(root, host, { ...options, keepsTrees: false });
    known = judged(typed);
    const checked = typed.scopes.map((s) => s.source.name);
    return { diagnostics: known.diagnostics, checked };
  };
  return {
    check: (root, host) => {
      const before = known;
      // Unknown while it is changed: what fails half way must not be built on.
      known = null;
      const edits = before === null ? null : editsSince(before.typed, root, host);
      if (before === null || edits === null) return checkAll(root, host);
      if (edits.length === 0) {
        known = before;
        return { diagnostics: before.diagnostics, checked: [] };
      }
      const typed = applied(before, edits, options);
      if (typed === null) return checkAll(root, host);
      known = judged(typed);
      return { diagnostics: known.diagnostics, checked: edits.map((e) => e.scope.source.name) };
    },
  };
}

function judged(typed: TypedProgram): Known {
  const local = new Map(typed.scopes.map((s): [ModuleScope, number] => [s, s.diagnostics.length]));
  judgeProgram(typed);
  return { typed, local, diagnostics: inSourceOrder(typed.scopes) };
}

/** Modules with another text; null where the modules themselves may be others. */
function editsSince(
  { scopes }: TypedProgram,
  root: ModuleSource,
  host: ModuleHost,
): readonly Edit[] | null {
  const now = new Map<ModuleScope, ModuleSource>();
  for (const scope of scopes) {
    if (scope.source.name.startsWith("std.")) continue;
    const source = scope === scopes[0] ? root : now.get(scope);
    if (source === undefined || !isSamePlace(scope.source, source)) return null;
    now.set(scope, source);
    for (const item of scope.ast.items) {
      if (item.kind !== "import") continue;
      const path = item.module.parts.map((p) => p.text).join(".");
      const target = scope.modules.get(path);
      if (target?.source.name.startsWith("std.")) continue;
      const found = host.resolve(path, source);
      if (target === undefined || found === null || !isSamePlace(target.source, found)) return null;
      now.set(target, found);
    }
  }
  return [...now]
    .filter(([scope, source]) => scope.source.text !== source.text)
    .map(([scope, source]) => ({ scope, source }));
}

function isSamePlace(a: ModuleSource, b: ModuleSource): boolean {
  return a.name === b.name && a.path === b.path;
}

/** The program with the edited modules checked anew; null where they must not be alone. */
function applied(
  { typed, local }: Known,
  edits: readonly Edit[],
  options: RuleOptions,
): TypedProgram | null {
  const { session, scopes } = typed;
  if (session.keepsTrees || session.isEntangled) return null;
  const parsed = new Map<ModuleScope, ParsedModule>();
  for (const { scope, source } of edits) {
    const fresh = parseModule(source.path, source.text);
    if (!isInBodies(typed, scope, fresh)) return null;
    parsed.set(scope, fresh);
  }
  for (const scope of scopes) scope.diagnostics.length = local.get(scope) ?? 0;
  for (const { scope, source } of edits) {
    const fresh = parsed.get(scope);
    if (fresh !== undefined) replaceText(scope, source, fresh);
    checkMaturity(scope, options);
  }
  if (needsTrees(scopes)) return null;
  const edited = new Set(edits.map((e) => e.scope));
  const kept = session.obligations.filter((o) => !edited.has(o.scope));
  session.obligations.splice(0, session.obligations.length, ...kept);
  const declared = new Map(typed.declared);
  const modules = typed.modules.map((module): TypedModule => {
    const { scope } = module;
    if (!edited.has(scope)) return module;
    declared.set(scope, scope.diagnostics.length);
    forget(typed, scope);
    return { scope, cells: checkModule(session, scope) };
  });
  return session.isEntangled ? null : { ...typed, modules, declared };
}

/** Declarations whose cells are found in the tree as they are. */
const PLAIN_ITEMS: ReadonlySet<string> = new Set([
  "alias",
  "cell",
  "const",
  "effect",
  "enum",
  "impl",
  "import",
  "record",
  "trait",
]);

/** True when the new text of a module differs in bodies alone, and nothing else can tell. */
function isInBodies(typed: TypedProgram, scope: ModuleScope, fresh: ParsedModule): boolean {
  const isPlain =
    scope.ast.items.every((item) => PLAIN_ITEMS.has(item.kind)) &&
    scope.macros.size === 0 &&
    scope.aliases.size === 0 &&
    scope.activePatterns.size === 0 &&
    scope.script.length === 0;
  if (!isPlain || fresh.diagnostics.length > 0 || typed.declared.get(scope) !== 0) return false;
  if (itemsOf(scope).length !== scope.ast.items.length || fresh.module.hasLocalItems) return false;
  return !explainsElsewhere(typed, scope) && sameDeclarations(scope.ast, fresh.module);
}

/** Diagnostics of other modules that point into this one show its old text. */
function explainsElsewhere({ scopes }: TypedProgram, scope: ModuleScope): boolean {
  return scopes.some(
    (s) => s !== scope && s.diagnostics.some((d) => d.labels?.some((l) => l.source === scope.text)),
  );
}

function replaceText(scope: ModuleScope, source: ModuleSource, fresh: ParsedModule): void {
  graft(scope.ast, fresh.module);
  scope.source = source;
  scope.text = fresh.file.source;
  scope.features = featureUses(scope.ast, fresh.landmarks);
  scope.mentionsYield = source.text.includes("yield");
  scope.diagnostics.length = 0;
}

/** What was found out about the cells and constants of a module. */
function forget({ session }: TypedProgram, scope: ModuleScope): void {
  for (const symbol of scope.cells.values())
    if (symbol.scope === scope) session.checked.delete(symbol);
  for (const symbol of scope.consts.values()) if (symbol.scope === scope) symbol.folded = null;
}
