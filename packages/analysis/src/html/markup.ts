// Markup from text that nobody trusts: every name in a report comes out of a trace.

/** A piece of markup that is safe to stand in a page: made by {@link html} alone. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: text and numbers are escaped, markup and lists of it are not. */
export type Content = string | number | Markup | readonly Markup[];

/** Markup from a template: what is put in is escaped, in elements and in quoted attributes. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  let markup = parts[0] ?? "";
  contents.forEach((content, i) => {
    markup += contentText(content) + (parts[i + 1] ?? "");
  });
  return { markup };
}

/** Nothing. */
export const EMPTY: Markup = { markup: "" };

function contentText(content: Content): string {
  if (typeof content === "number") return String(content);
  if (typeof content === "string") return escapeText(content);
  if ("markup" in content) return content.markup;
  return content.map((part) => part.markup).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for elements and quoted attributes; what is no visible character is replaced. */
export function escapeText(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "\ufffd")
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);
}
