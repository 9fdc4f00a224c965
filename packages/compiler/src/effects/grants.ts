// What grants say about calls of a tool (language 11.2, 11.4): the kinds of their constraints, and
// several grants of one alias merged into one.

import type { ToolGrant } from "@lumen/core/program";
import {
  compareStrings,
  displayNested,
  isInt,
  isList,
  listItems,
  type Value,
} from "@lumen/core/value";
import type { GrantConstraint, GrantDecl } from "@lumen/syntax";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { grantLiteral } from "./grant-literals.ts";

/** A constraint as the door sees it. */
type Constraint =
  | { readonly kind: "domains" | "paths"; readonly allowed: readonly string[] }
  | { readonly kind: "timeout"; readonly ms: number }
  | { readonly kind: "maximum" | "fixed"; readonly name: string; readonly value: Value };

/** A kind of constraint: what its value must be. `read` gives null for anything else. */
interface Rule {
  readonly expected: string;
  readonly read: (value: Value, name: string) => Constraint | null;
  /** A way out, where the kind alone does not say it. */
  readonly help?: string;
}

const DOMAIN_HELP = 'Write a host alone, as in "api.example.com", "*.example.com" or "*".';

/** Constraints with a meaning of their own, by name; `max_*` and all others have rules below. */
const RULES: { readonly [name: string]: Rule } = {
  domain: {
    expected: "a String that is a host, `*.host` or `*`",
    read: (value) => patterns([value]),
    help: DOMAIN_HELP,
  },
  allowed_domains: {
    expected: "a List[String] of hosts",
    read: (value) => (isList(value) ? patterns(listItems(value)) : null),
    help: DOMAIN_HELP,
  },
  path: { expected: "a String that is a path", read: (value) => paths([value]) },
  allowed_paths: {
    expected: "a List[String] of paths",
    read: (value) => (isList(value) ? paths(listItems(value)) : null),
  },
  timeout_ms: {
    expected: "an Int of at least 1",
    read: (value) =>
      typeof value === "number" && value >= 1 ? { kind: "timeout", ms: value } : null,
  },
};

const MAXIMUM: Rule = {
  expected: "an Int",
  read: (value, name) => (isInt(value) ? { kind: "maximum", name, value } : null),
};

const FIXED: Rule = {
  expected: "a value with a JSON form",
  read: (value, name) => ({ kind: "fixed", name, value }),
};

/** Names of effects may be written as a set, too, which is no literal of Json. */
const EFFECTS = /^effects?$/;

/** Reports constraints whose values are no literals (E0300) or of the wrong kind (E0200). */
export function checkGrants(scopes: readonly ModuleScope[]): void {
  for (const scope of scopes) {
    for (const { alias, decl } of scope.grants) {
      for (const constraint of decl.constraints) checkConstraint(scope, alias, constraint);
    }
  }
}

function checkConstraint(scope: ModuleScope, alias: string, constraint: GrantConstraint): void {
  const name = constraint.name.text;
  if (EFFECTS.test(name)) return checkEffects(scope, alias, constraint);
  const literal = grantLiteral(constraint.value);
  if (literal.kind === "other") {
    if (literal.isBroken) return;
    report(scope, "E0300", literal.span, `'${name}' of \`grant ${alias}\` is not a literal`, {
      expected: "a literal: String, name, number, Bool, null, list or map",
      help: "Write the value itself; a text with more than a name in it stands in quotes.",
    });
    return;
  }
  const { expected, read, help } = ruleOf(name);
  if (read(literal.value, name) !== null) return;
  const message = `'${name}' of \`grant ${alias}\` must be ${expected}`;
  report(scope, "E0200", constraint.value.span, message, {
    expected,
    found: displayNested(literal.value),
    ...(help === undefined ? {} : { help }),
  });
}

function checkEffects(scope: ModuleScope, alias: string, { name, value }: GrantConstraint): void {
  const items = value.kind === "list" || value.kind === "set" ? value.items : [{ value }];
  const wrong = items.find((item) => !["name", "string", "error"].includes(item.value.kind));
  if (wrong === undefined) return;
  const message = `'${name.text}' of \`grant ${alias}\` lists names of effects`;
  report(scope, "E0300", wrong.value.span, message, {
    expected: "names of effects",
    help: `Write \`${name.text} [http, llm]\`.`,
  });
}

function ruleOf(name: string): Rule {
  if (Object.hasOwn(RULES, name)) return RULES[name] ?? FIXED;
  return name.startsWith("max_") ? MAXIMUM : FIXED;
}

function patterns(values: readonly Value[]): Constraint | null {
  const allowed = texts(values);
  if (allowed === null || !allowed.every(isDomainPattern)) return null;
  return { kind: "domains", allowed };
}

function paths(values: readonly Value[]): Constraint | null {
  const allowed = texts(values);
  return allowed === null || allowed.includes("") ? null : { kind: "paths", allowed };
}

function texts(values: readonly Value[]): readonly string[] | null {
  const found = values.filter((value) => typeof value === "string");
  return found.length === values.length ? found : null;
}

/** A host without scheme, user, port or path; IPv6 in brackets. Case and alphabet do not matter. */
function isDomainPattern(text: string): boolean {
  if (text === "*" || /^\[[0-9A-Fa-f:.]+\]$/.test(text)) return true;
  return /^(\*\.)?[^\s*/\\@:?#%[\]<>^|]+$/.test(text);
}

/**
 * The constraints of several grants as one: of one name the last counts, but hosts and paths are
 * alternatives. Values were checked by {@link checkGrants}.
 */
export function mergeGrants(decls: readonly GrantDecl[]): ToolGrant {
  const domains: string[] = [];
  const allowedPaths: string[] = [];
  let timeoutMs: number | null = null;
  const maxima = new Map<string, Value>();
  const fixed = new Map<string, Value>();
  const all = decls.flatMap((decl) => decl.constraints.flatMap(constraintOf));
  for (const constraint of all) {
    if (constraint.kind === "domains") domains.push(...constraint.allowed);
    else if (constraint.kind === "paths") allowedPaths.push(...constraint.allowed);
    else if (constraint.kind === "timeout") timeoutMs = constraint.ms;
    else if (constraint.kind === "maximum") maxima.set(constraint.name, constraint.value);
    else if (constraint.kind === "fixed") fixed.set(constraint.name, constraint.value);
  }
  const has = (kind: Constraint["kind"]): boolean => all.some((c) => c.kind === kind);
  return {
    domains: has("domains") ? [...new Set(domains)] : null,
    paths: has("paths") ? [...new Set(allowedPaths)] : null,
    timeoutMs,
    maxima: named(maxima),
    fixed: named(fixed),
  };
}

function constraintOf({ name: { text }, value }: GrantConstraint): readonly Constraint[] {
  if (EFFECTS.test(text)) return [];
  const literal = grantLiteral(value);
  const constraint = literal.kind === "value" ? ruleOf(text).read(literal.value, text) : null;
  return constraint === null ? [] : [constraint];
}

function named(values: ReadonlyMap<string, Value>): ToolGrant["fixed"] {
  return [...values]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => compareStrings(a.name, b.name));
}
