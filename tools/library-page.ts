// The page of the standard library, docs/library.md: what its modules offer, from their sources.

/** A module of the standard library, by its name without `std.`. */
export interface LibraryModule {
  readonly name: string;
  readonly text: string;
}

const HEAD = [
  "# The standard library",
  "",
  "Modules that every program can import, besides the builtins of section 16 of the",
  "[reference](../spec/language.md). What is not imported costs nothing. A file of a project cannot take the",
  "place of one of them. They are written in Lumen, in [stdlib/std](../stdlib/std), with tests in",
  "[stdlib/tests](../stdlib/tests). `import std.text: wrap` brings one name, `import std.text` all of them",
  "as `text.wrap` and so on.",
];

/** The page; modules stand in the order given. */
export function libraryPage(modules: readonly LibraryModule[]): string {
  const links = modules.map(({ name }) => `[std.${name}](#std${name})`).join(" · ");
  return [...HEAD, "", links, ...modules.flatMap(sectionOf), ""].join("\n");
}

function sectionOf({ text }: LibraryModule): readonly string[] {
  const out: string[] = [];
  let isCode = false;
  let code: string[] = [];
  for (const line of text.trimEnd().split("\n")) {
    if (line.startsWith("```")) {
      if (isCode) out.push(...tableOf(code));
      isCode = !isCode;
      code = [];
    } else if (isCode) code.push(line);
    else out.push(line.startsWith("#") ? `#${line}` : line);
  }
  return ["", ...out];
}

interface Entry {
  readonly signature: string;
  readonly comment: string;
}

function tableOf(code: readonly string[]): readonly string[] {
  const rows = entriesOf(code).map((e) => `| \`${e.signature}\` | ${e.comment} |`);
  return rows.length === 0 ? [] : ["| | |", "|---|---|", ...rows];
}

/** Public cells, records and constants, and the methods of impls, in order. */
function entriesOf(code: readonly string[]): readonly Entry[] {
  const entries: Entry[] = [];
  let comment: string[] = [];
  let owner: string | null = null;
  for (const [i, line] of code.entries()) {
    const trimmed = line.trim();
    if (trimmed.startsWith("#")) {
      comment.push(trimmed.replace(/^#\s*/, ""));
      continue;
    }
    const impl = /^impl(?:\[\w+\])? (\w+)/.exec(line);
    if (impl !== null) owner = impl[1] ?? null;
    else if (line === "end") owner = null;
    const signature = signatureOf(code.slice(i), owner);
    if (signature !== null) entries.push({ signature, comment: comment.join(" ") });
    comment = [];
  }
  return entries;
}

function signatureOf(lines: readonly string[], owner: string | null): string | null {
  const [first = ""] = lines;
  const method = owner === null ? null : /^ {2}cell (.*)$/.exec(first);
  if (method !== null) {
    const text = `${owner}.${headOf(lines).replace(/^cell /, "")}`;
    return text.replace(/\(self(?:, )?/, "(");
  }
  if (/^pub cell /.test(first)) return headOf(lines).replace(/^pub cell /, "");
  if (/^pub const /.test(first)) return first.replace(/^pub /, "");
  return /^pub record /.test(first) ? recordOf(lines) : null;
}

/** A cell's head on one line: up to its body. Heads may have several lines. */
function headOf(lines: readonly string[]): string {
  let head = "";
  for (const line of lines) {
    const part = line.trim();
    head += head === "" || head.endsWith("(") || part.startsWith(")") ? part : ` ${part}`;
    if (count(head, "(") === count(head, ")")) break;
  }
  // The body of `cell f() = e` begins behind the parameters; defaults stand within them.
  const end = head.lastIndexOf(") = ") < 0 ? bodyStart(head) : head.lastIndexOf(") = ") + 1;
  return head.slice(0, end).replaceAll(",)", ")");
}

function bodyStart(head: string): number {
  let depth = 0;
  for (let i = 0; i < head.length; i++) {
    if ("([{".includes(head[i] ?? "")) depth += 1;
    else if (")]}".includes(head[i] ?? "")) depth -= 1;
    else if (depth === 0 && head.startsWith(" = ", i)) return i;
  }
  return head.length;
}

/** A record and its fields, without constraints. */
function recordOf(lines: readonly string[]): string {
  const [first = ""] = lines;
  const head = first.replace(/^pub /, "");
  if (head.includes("(")) return head;
  const fields: string[] = [];
  for (const line of lines.slice(1)) {
    if (line === "end") break;
    const field = line.trim().replace(/ where .*$/, "");
    if (!field.startsWith("#")) fields.push(field);
  }
  return `${head}(${fields.join(", ")})`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
