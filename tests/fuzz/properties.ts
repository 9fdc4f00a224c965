// What must hold for any text at all: lexer, parser and formatter never throw, spans lie in the
// text, formatting keeps the tree and the comments, and formatting twice is formatting once.

import { dumpAst, extract, formatSource, lex, parseModule } from "@lumen/syntax";

/** A property that an input broke. */
export interface Broken {
  readonly property: string;
  readonly detail: string;
}

/** Which properties `text`, read as the file at `path`, breaks; null when all hold. */
export function brokenBy(path: string, text: string): Broken | null {
  try {
    return parsing(path, text) ?? formatting(path, text);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { property: "nothing throws", detail };
  }
}

function parsing(path: string, text: string): Broken | null {
  const { module, diagnostics, file } = parseModule(path, text);
  const { length } = file.source.text;
  for (const { code, span } of diagnostics) {
    if (span.start < 0 || span.end < span.start || span.end > length) {
      return { property: "spans lie in the text", detail: `${code} ${span.start}-${span.end}` };
    }
  }
  const isBroken = dumpAst(module).includes("<error>");
  if (isBroken && diagnostics.length === 0) {
    return { property: "an error node has a report", detail: dumpAst(module) };
  }
  return null;
}

function formatting(path: string, text: string): Broken | null {
  const once = formatSource(path, text);
  if (once.diagnostics.length > 0) {
    return once.text === text ? null : { property: "broken text stays", detail: once.text };
  }
  const before = dumpAst(parseModule(path, text).module);
  const after = parseModule(path, once.text);
  if (after.diagnostics.length > 0) {
    const messages = after.diagnostics.map((d) => `${d.code} ${d.message}`).join("\n");
    return { property: "formatted text parses", detail: `${messages}\n${once.text}` };
  }
  if (dumpAst(after.module) !== before) {
    const detail = `${once.text}\n--- before\n${before}\n--- after\n${dumpAst(after.module)}`;
    return { property: "formatting keeps the tree", detail };
  }
  const comments = [commentsOf(path, text), commentsOf(path, once.text)];
  if (comments[0] !== comments[1]) {
    return { property: "formatting keeps comments", detail: comments.join("\n--- after\n") };
  }
  const twice = formatSource(path, once.text);
  if (twice.text !== once.text) {
    return {
      property: "formatting twice is formatting once",
      detail: `${once.text}\n--- twice\n${twice.text}`,
    };
  }
  return null;
}

/** What stands between the tokens, without blanks: comments and markdown blocks. */
function commentsOf(path: string, text: string): string {
  const file = extract(path, text).value;
  const tokens = lex(file).value.filter((token) => token.kind !== "doc");
  let from = 0;
  const gaps = tokens.map(({ start, end }) => {
    const gap = file.code.slice(from, start);
    from = end;
    return gap.replace(/\\\n/g, "").replace(/\s+/g, " ").trim();
  });
  return gaps.filter((gap) => gap !== "").join("\n");
}
