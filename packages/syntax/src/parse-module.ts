// The top level of a module: directives, items, and the statements of a script (language 1, 3).

import type { Label } from "@lumen/core/diagnostic";
import type { Attribute, Directive, Item, Module, Statement } from "./ast.ts";
import { NOTHING } from "./packed.ts";
import { atDirective, parseAttributes, parseDirective } from "./parse-attributes.ts";
import { parseRecovering, reportUnmatched } from "./parse-blocks.ts";
import { atCloser } from "./parse-brackets.ts";
import { declarationAt } from "./parse-declarations.ts";
import { type Head, itemHead, takeDoc } from "./parse-head.ts";
import type { Parser } from "./parser.ts";
import { unquote } from "./prose-directives.ts";
import { recoverItem } from "./recovery.ts";
import type { SourceFile } from "./source-file.ts";

/** What the top level collects. */
interface Parts {
  readonly directives: Directive[];
  readonly items: Item[];
  readonly statements: Statement[];
}

/** The whole module; ends at the `eof` token. */
export function parseTopLevel(p: Parser, file: SourceFile): Module {
  const parts: Parts = { directives: proseDirectives(file), items: [], statements: [] };
  let errorsBefore = 0;
  while (!p.at("eof")) {
    if (p.at("blockEnd")) {
      p.nextBlock();
    } else if (!p.accept(";")) {
      const isFirst = p.errorCount === errorsBefore;
      if (!skipStray(p, isFirst, parts.items.at(-1))) {
        errorsBefore = p.errorCount;
        parsePart(p, parts);
      }
    }
  }
  parts.directives.sort((a, b) => a.span.start - b.span.start);
  const { hasLocalItems } = p;
  return { ...parts, hasLocalItems, span: { start: 0, end: file.code.length } };
}

function proseDirectives(file: SourceFile): Directive[] {
  return file.directives.map(({ name, value, span }) => {
    const nameSpan = { start: span.start + 1, end: span.start + 1 + name.length };
    return { name: { text: name, span: nameSpan }, value, span };
  });
}

/** An `end`, `else` or bracket that closes nothing; silent right after another error. */
function skipStray(p: Parser, isFirst: boolean, before: Item | undefined): boolean {
  if (!p.at("end") && !p.at("else") && !atCloser(p)) return false;
  const { start, end, text } = p.tok;
  if (isFirst && atCloser(p)) reportUnmatched(p);
  else if (isFirst) {
    const help = "Remove it, or look for an `end` too many above.";
    const message = `expected a declaration or statement, found \`${text}\``;
    const labels = text === "end" ? closingEnd(before) : [];
    p.report({ code: "E0010", span: { start, end }, message, help, labels });
  }
  p.resume();
  p.advance();
  return true;
}

/** Where a cell ended whose `end` another may have taken. */
function closingEnd(item: Item | undefined): readonly Label[] {
  if (item?.kind !== "cell" || item.body.kind !== "block") return [];
  const { end } = item.span;
  const text = `\`${item.name.text}\` ends here`;
  return [{ span: { start: end - "end".length, end }, text }];
}

function parsePart(p: Parser, parts: Parts): void {
  if (atDirective(p)) {
    p.noteTop();
    parts.directives.push(parseDirective(p));
    return;
  }
  const first = p.index;
  const { start } = p.tok;
  p.noteTop();
  const doc = takeDoc(p);
  const attributes = p.at("@") ? parseAttributes(p) : NOTHING;
  const lateDoc = takeDoc(p) ?? doc;
  p.noteTop();
  const isPublic = p.accept("pub");
  const head = { attributes, doc: lateDoc, isPublic, start };
  if (p.atEnd() && !isPublic && !p.isPanicking) {
    parts.directives.push(...attributes.map((attribute) => toDirective(p, attribute)));
    return;
  }
  const item = p.isPanicking ? errorItem(p, head) : parseItem(p, head);
  if (item !== null) {
    parts.items.push(item);
    endItem(p, first);
    return;
  }
  p.restart(first);
  parts.statements.push(parseRecovering(p, -1, null));
}

/** An attribute that nothing follows is metadata of the module, like an unknown directive. */
function toDirective(p: Parser, { name, span }: Attribute): Directive {
  const text = p.file.code.slice(name.span.end, span.end).trim();
  const header = { start: span.start, column: 0 };
  p.notes?.raw.push({ span: { start: name.span.end, end: span.end }, header });
  return { name, value: text === "" ? null : unquote(text), span };
}

/** The item that starts here, or null when a statement does; after `pub` a declaration is due. */
function parseItem(p: Parser, head: Head): Item | null {
  const rule = declarationAt(p);
  if (rule !== null) return rule(p, head);
  if (!head.isPublic) return null;
  p.unexpected("a declaration after `pub`");
  return errorItem(p, head);
}

function errorItem(p: Parser, head: Head): Item {
  return { kind: "error", ...itemHead(p, head) };
}

/** After an item comes a new line; after a broken one, the next item (language 3, rule 10). */
function endItem(p: Parser, firstIndex: number): void {
  if (!p.isPanicking && !p.accept(";") && !p.atNewline() && !p.atEnd()) {
    if (atCloser(p)) reportUnmatched(p);
    else p.unexpected("a new line after the declaration");
  }
  if (p.isPanicking) recoverItem(p, firstIndex, startsItem);
  else p.finishItem();
}

function startsItem(p: Parser): boolean {
  return p.at("pub") || p.at("@") || p.at("doc") || declarationAt(p) !== null;
}
