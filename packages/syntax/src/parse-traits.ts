// Traits and their implementations (language 3, 5).

import type { CellDecl, CellSignature, ImplDecl, Name, TraitDecl } from "./ast.ts";
import { atCell, parseCell, parseTraitMember } from "./parse-cells.ts";
import { type Head, itemHead, parseMemberHead } from "./parse-head.ts";
import { parseMembers } from "./parse-members.ts";
import { parseGenerics, parseNameWithArgs } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** `trait Shape: Show … end`; the current token is `trait`. */
export function parseTrait(p: Parser, head: Head): TraitDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the trait");
  const generics = parseGenerics(p);
  const parents = p.accept(":") ? parseParents(p) : [];
  const members: (CellSignature | CellDecl)[] = [];
  parseMembers(p, { opener }, (doc) => {
    members.push(parseTraitMember(p, parseMemberHead(p, doc)));
  });
  return { kind: "trait", name, generics, parents, members, ...itemHead(p, head) };
}

function parseParents(p: Parser): readonly Name[] {
  const parents: Name[] = [];
  do parents.push(p.name("the name of a trait"));
  while (p.accept(",") || p.accept("+"));
  return parents;
}

/** `impl[T] Show for Box[T] … end`; the current token is `impl`. */
export function parseImpl(p: Parser, head: Head): ImplDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const generics = parseGenerics(p);
  const first = parseNameWithArgs(p, "the name of a trait or type");
  const trait = p.at("for") && p.onSameLine() ? traitOf(p, first) : null;
  if (trait !== null) p.advance();
  const target = trait === null ? first : parseNameWithArgs(p, "the name of a type after `for`");
  const methods: CellDecl[] = [];
  parseMembers(p, { opener }, (doc) => {
    const member = parseMemberHead(p, doc);
    if (atCell(p)) methods.push(parseCell(p, member));
    else p.unexpected("a method that starts with `cell`, or `end`");
  });
  return { kind: "impl", generics, trait, target, methods, ...itemHead(p, head) };
}

/** What stands before `for` as a trait, which has no dots in its name. */
function traitOf(p: Parser, type: ImplDecl["target"]): ImplDecl["trait"] {
  const { parts, span } = type.name;
  const [name = { text: "", span }, second] = parts;
  if (second !== undefined) {
    const message = "expected the plain name of a trait before `for`, found a name with dots";
    const help = "Import the trait, and use the name that it has here.";
    p.fail({ code: "E0010", span, message, help });
  }
  return { name, args: type.args };
}
