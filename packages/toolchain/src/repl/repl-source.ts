// The module that one input of a session becomes: what was declared so far, the variables that were
// kept, the input, and the calls that keep them again. Knows where each part came from.

import {
  type Diagnostic,
  makeSourceText,
  type SourceText,
  type Span,
} from "@lumen/core/diagnostic";

/** A part of the module that somebody typed. */
export interface SourcePart {
  readonly source: SourceText;
  /** Where the part begins in that text. */
  readonly at: number;
  readonly length: number;
}

/** A line of ours about a variable: it takes the value that was kept, or keeps it. */
export interface VariableLine {
  readonly variable: string;
  readonly does: "take" | "keep";
}

interface Placed {
  readonly start: number;
  /** What somebody typed, or what a line of ours is about; null for other lines. */
  readonly from: SourcePart | VariableLine | null;
  readonly length: number;
}

/** Puts a module together. */
export class ReplSource {
  #text = "";
  readonly #parts: Placed[] = [];

  /** The whole text. */
  get text(): string {
    return this.#text;
  }

  /** A line of ours. */
  line(text: string, about: VariableLine | null = null): void {
    this.#add(`${text}\n`, about);
  }

  /** A part of an input, on lines of its own unless something stands before it. */
  typed(source: SourceText, at: number, length: number): void {
    this.#add(source.text.slice(at, at + length), { source, at, length });
  }

  /** Text of ours inside a line. */
  glue(text: string): void {
    this.#add(text, null);
  }

  /** The diagnostic at its place in what was typed; null: it is about a line of ours. */
  typedDiagnostic(diagnostic: Diagnostic): Diagnostic | null {
    const place = this.#placeOf(diagnostic.span);
    if (place === null) return null;
    const { labels = [] } = diagnostic;
    const moved = labels.flatMap((label) => {
      // What is elsewhere, in an imported module, stays there.
      if (label.source !== undefined) return [label];
      const at = this.#placeOf(label.span);
      return at === null ? [] : [{ ...label, ...at }];
    });
    return { ...diagnostic, ...place, labels: moved, fixes: [] };
  }

  /** What the line of ours at this place is about. */
  variableAt(offset: number): VariableLine | null {
    const from = this.#partAt(offset)?.from ?? null;
    return from !== null && "variable" in from ? from : null;
  }

  /** The same span in what was typed; null for a line of ours. */
  typedSpan(span: Span): { readonly source: SourceText; readonly span: Span } | null {
    return this.#placeOf(span);
  }

  #placeOf(span: Span): Pick<Diagnostic, "source" | "span"> | null {
    const part = this.#partAt(span.start);
    const from = part?.from ?? null;
    if (part === undefined || from === null || "variable" in from) return null;
    const shift = from.at - part.start;
    const end = Math.min(span.end, part.start + part.length);
    return { source: from.source, span: { start: span.start + shift, end: end + shift } };
  }

  /** The last part that begins at or before the offset, so that ends of parts belong to them. */
  #partAt(offset: number): Placed | undefined {
    const inside = this.#parts.find((p) => p.start <= offset && offset < p.start + p.length);
    return inside ?? this.#parts.find((p) => p.start + p.length === offset);
  }

  #add(text: string, from: Placed["from"]): void {
    this.#parts.push({ start: this.#text.length, from, length: text.length });
    this.#text += text;
  }
}

/** The text of the n-th input, from 1, or of a document, under the name that reports call it. */
export function inputText(from: number | string, text: string): SourceText {
  return makeSourceText(typeof from === "string" ? from : `input-${from}.lm`, text);
}
