// The top level of a module: directives, items, and the statements of a script (language 1, 3).

import type { Directive, Item, Module, Statement } from "./ast.ts";
import { atDirective, parseAttributes, parseDirective } from "./parse-attributes.ts";
import { parseRecovering, reportUnmatched } from "./parse-blocks.ts";
import { atCloser } from "./parse-brackets.ts";
import {
  type Head,
  itemHead,
  parseCell,
  parseConst,
  parseEnum,
  parseImport,
  parseRecord,
  parseTypeAlias,
  takeDoc,
} from "./parse-items.ts";
import { reportUnsupported, unsupportedItemAt } from "./parse-unsupported.ts";
import type { Parser } from "./parser.ts";
import { recoverItem, recoverStatement } from "./recovery.ts";
import type { SourceFile } from "./source-file.ts";
import type { Token } from "./token.ts";

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
      if (!skipStray(p, isFirst)) {
        errorsBefore = p.errorCount;
        parsePart(p, parts);
      }
    }
  }
  parts.directives.sort((a, b) => a.span.start - b.span.start);
  return { ...parts, span: { start: 0, end: file.code.length } };
}

function proseDirectives(file: SourceFile): Directive[] {
  return file.directives.map(({ name, value, span }) => {
    const nameSpan = { start: span.start + 1, end: span.start + 1 + name.length };
    return { name: { text: name, span: nameSpan }, value, span };
  });
}

/** An `end`, `else` or bracket that closes nothing; silent right after another error. */
function skipStray(p: Parser, isFirst: boolean): boolean {
  if (!p.at("end") && !p.at("else") && !atCloser(p)) return false;
  const { start, end, text } = p.tok;
  if (isFirst && atCloser(p)) reportUnmatched(p);
  else if (isFirst) {
    const help = "Remove it, or look for an `end` too many above.";
    const message = `expected a declaration or statement, found \`${text}\``;
    p.report({ code: "E0010", span: { start, end }, message, help });
  }
  p.resume();
  p.advance();
  return true;
}

function parsePart(p: Parser, parts: Parts): void {
  if (atDirective(p)) {
    parts.directives.push(parseDirective(p));
    return;
  }
  const first = { token: p.tok, index: p.index };
  const doc = takeDoc(p);
  const attributes = p.at("@") ? parseAttributes(p) : [];
  const lateDoc = takeDoc(p) ?? doc;
  const isPublic = p.accept("pub");
  const head = { attributes, doc: lateDoc, isPublic, start: first.token.start };
  if (p.atEnd()) return;
  const item = p.isPanicking ? errorItem(p, head) : parseItem(p, head);
  if (item !== null) {
    parts.items.push(item);
    endItem(p, first, item.kind === "error");
    return;
  }
  p.restart(first.index);
  parts.statements.push(parseRecovering(p, -1, null));
}

/** The item that starts here, or null when a statement does. */
function parseItem(p: Parser, head: Head): Item | null {
  const { tok } = p;
  const next = p.peek();
  switch (tok.kind) {
    case "record":
      return parseRecord(p, head);
    case "enum":
      return parseEnum(p, head);
    case "cell":
      // `cell(x) => …` is a lambda.
      return next.kind === "(" ? missingItem(p, head) : parseCell(p, head);
    case "async":
      return parseCell(p, head);
    case "const":
      return parseConst(p, head);
    case "import":
      return parseImport(p, head);
    default:
  }
  const isAlias = p.atName("type") && next.kind === "name" && next.line === 0;
  if (isAlias && ["=", "["].includes(p.peek(2).kind)) return parseTypeAlias(p, head);
  const unsupported = unsupportedItemAt(p);
  if (unsupported === null) return missingItem(p, head);
  reportUnsupported(p, tok, `\`${unsupported}\` declarations are`);
  return errorItem(p, head);
}

/** Null for a statement; after `pub` a declaration is due. */
function missingItem(p: Parser, head: Head): Item | null {
  if (!head.isPublic) return null;
  p.unexpected("a declaration after `pub`");
  return errorItem(p, head);
}

function errorItem(p: Parser, head: Head): Item {
  return { kind: "error", ...itemHead(p, head) };
}

/** After an item comes a new line; after a broken one, the next item (language 3, rule 10). */
function endItem(
  p: Parser,
  first: { readonly token: Token; readonly index: number },
  isUnsupported: boolean,
): void {
  if (!p.isPanicking && !p.accept(";") && !p.atNewline() && !p.atEnd()) {
    if (atCloser(p)) reportUnmatched(p);
    else p.unexpected("a new line after the declaration");
  }
  if (!p.isPanicking) {
    p.finishItem();
  } else if (isUnsupported) {
    // The construct is skipped as a whole, so that the script around it stays.
    recoverStatement(p, first, -1);
  } else {
    recoverItem(p, first.index, startsItem);
  }
}

function startsItem(p: Parser): boolean {
  switch (p.tok.kind) {
    case "cell":
    case "async":
    case "record":
    case "enum":
    case "const":
    case "import":
    case "pub":
    case "@":
    case "doc":
      return true;
    default:
      return unsupportedItemAt(p) !== null || (p.atName("type") && p.peek().kind === "name");
  }
}
