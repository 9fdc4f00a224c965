// Cells, and signatures of cells without a body (language 3, `cell`, `cell_sig`, `extern`).

import type { Body, CellDecl, CellSignature, Expr, ExternDecl } from "./ast.ts";
import { NOTHING } from "./packed.ts";
import { type Head, itemHead } from "./parse-head.ts";
import { parseParams } from "./parse-params.ts";
import { parseGenerics, parseRow, parseType } from "./parse-types.ts";
import type { Opener, Parser } from "./parser.ts";

/** True at `cell` or `async`. */
export function atCell(p: Parser): boolean {
  return p.at("cell") || p.at("async");
}

/** `cell f(x: Int) -> Int / {e} where c … end` or `= e`; the current token is `cell` or `async`. */
export function parseCell(p: Parser, head: Head): CellDecl {
  const parts = parseSignatureParts(p);
  return finishCell(p, head, parts, parsePrecondition(p));
}

/** Every cell is written out alike: spreads would make objects of several shapes, and larger. */
function finishCell(
  p: Parser,
  head: Head,
  parts: SignatureParts,
  precondition: Expr | null,
): CellDecl {
  const body = parseBody(p, parts.opener);
  const { isAsync, name, generics, params, result, row } = parts;
  const { attributes, doc, isPublic } = head;
  const span = p.spanFrom(head.start);
  return {
    kind: "cell",
    isAsync,
    name,
    generics,
    params,
    result,
    row,
    precondition,
    body,
    attributes,
    doc,
    isPublic,
    span,
  };
}

/** `cell f(x: Int) -> Int`, which ends with its line. */
export function parseSignature(p: Parser, head: Head): CellSignature {
  return finishSignature(p, head, parseSignatureParts(p));
}

function finishSignature(p: Parser, head: Head, parts: SignatureParts): CellSignature {
  const { isAsync, name, generics, params, result, row } = parts;
  return { kind: "signature", isAsync, name, generics, params, result, row, ...itemHead(p, head) };
}

/** A member of a trait: without a body when the next member or the `end` follows on a new line. */
export function parseTraitMember(p: Parser, head: Head): CellSignature | CellDecl {
  const parts = parseSignatureParts(p);
  if (isSignatureOver(p)) return finishSignature(p, head, parts);
  const precondition = parsePrecondition(p);
  // On a new line it would be the next member.
  if (atCell(p) || p.at("@")) p.notes?.pinned.add(p.tok.start);
  return finishCell(p, head, parts, precondition);
}

/** `extern cell now() -> Int`; the current token is the soft keyword `extern`. */
export function parseExtern(p: Parser, head: Head): ExternDecl {
  const { start } = p.peek();
  p.advance();
  const noHead = { attributes: NOTHING, doc: null, isPublic: false, start };
  const signature = parseSignature(p, noHead);
  return { kind: "extern", signature, ...itemHead(p, head) };
}

type SignatureParts = Pick<
  CellSignature,
  "isAsync" | "name" | "generics" | "params" | "result" | "row"
> & { readonly opener: Opener };

function parseSignatureParts(p: Parser): SignatureParts {
  const isAsync = p.accept("async");
  const opener = { token: p.tok, column: p.tok.column };
  p.expect("cell", isAsync ? "`cell` after `async`" : "a member that starts with `cell`, or `end`");
  const name = p.name("the name of the cell", true);
  const generics = parseGenerics(p);
  const params = parseParams(p);
  const result = p.accept("->") ? parseType(p) : null;
  const row = parseRow(p);
  return { isAsync, opener, name, generics, params, result, row };
}

function isSignatureOver(p: Parser): boolean {
  if (p.isPanicking || p.atEnd()) return true;
  if (!p.atNewline()) return false;
  return atCell(p) || p.at("@") || p.at("end") || p.at("doc");
}

function parsePrecondition(p: Parser): Expr | null {
  if (!p.accept("where")) return null;
  const { layout } = p;
  p.layout = "header";
  const value = p.rules.expression(p);
  p.layout = layout;
  return value;
}

/** `= e`, or statements up to and with the `end`. */
export function parseBody(p: Parser, opener: Opener): Body {
  if (p.at("=") && !p.atNewline()) {
    p.advance();
    const value = p.rules.expression(p);
    // A part of what stands there has no type worth a report.
    if (p.isPanicking) return { kind: "expr", value: { kind: "error", span: value.span } };
    return { kind: "expr", value };
  }
  const block = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return { kind: "block", block };
}
