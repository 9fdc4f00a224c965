// What stands before the keyword of a declaration: docstring, attributes, `pub`.

import type { Attribute, ItemHead } from "./ast.ts";
import { NOTHING } from "./packed.ts";
import { parseAttributes } from "./parse-attributes.ts";
import type { Parser } from "./parser.ts";

/** What was read before the keyword of a declaration. `start`: of its first token. */
export interface Head {
  readonly attributes: readonly Attribute[];
  readonly doc: string | null;
  readonly isPublic: boolean;
  readonly start: number;
}

/** The parts that every declaration node carries. */
export function itemHead(p: Parser, head: Head): ItemHead {
  const { attributes, doc, isPublic } = head;
  return { attributes, doc, isPublic, span: p.spanFrom(head.start) };
}

/** The text of a docstring here, or null. */
export function takeDoc(p: Parser): string | null {
  if (!p.at("doc")) return null;
  const { value, start } = p.advance();
  p.carryNote(start);
  return typeof value === "string" ? value : null;
}

/** The attributes of a member, with the docstring before or after them. */
export function parseMemberHead(p: Parser, doc: string | null): Head {
  const { start } = p.tok;
  const attributes = p.at("@") ? parseAttributes(p) : NOTHING;
  const late = takeDoc(p) ?? doc;
  p.noteSame(start);
  return { attributes, doc: late, isPublic: false, start };
}
