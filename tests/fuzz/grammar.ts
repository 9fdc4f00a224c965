// The grammar of language 3 as a table of templates, and a generator of programs from it.
//
// `<x>` expands to x, `<x>?` to x or nothing, `<x>*` to up to three on lines of their own, `<x>%`
// to up to three with commas. `\n` ends a line, `⏎` does so and adds nothing, `»` and `«` move
// the following lines in and out.

import type { Random } from "./random.ts";

type Alternatives = readonly [string, ...string[]];

const GRAMMAR: Readonly<Record<string, Alternatives>> = {
  module: ["<item>*\n<item>*\n<stmt>*", "<stmt>*", "<item>*\n<directive>\n<item>*"],
  directive: ['@feature "x y"', "@strict false", "@budget emit 3"],
  item: [
    "<attr>*\n<cell>",
    "<record>",
    "<enum>",
    "<cell>",
    "pub <cell>",
    "type <Name><generics>? = <type><where>?",
    "const <Name> = <expr>",
    "import a.b<granting>?",
    "import a: X, y as z<granting>?",
    "extern <sig>",
    "trait <Name><generics>?»\n<sig>\n<cell>«\nend",
    "impl<generics>? <Name> for a.B[<type>]»\n<cell>*«\nend",
    "agent <Name>»\n<member>*\n<member>*«\nend",
    "<kind> <Name>»\n<member>*\n<config>*«\nend",
    "machine <Name>»\ninitial: A\n<state>*«\nend",
    "pipeline <Name>»\nstages:»\n-> a\nb.c«\n<stagesEnd>\n<config>*«\nend",
    "effect <Name>»\n<sig>*«\nend",
    "bind effect A.b to <name>",
    "handler <Name>»\nhandle A.b(<param>%) = <expr>\nhandle A.c()»\n<stmt>*«\nend«\nend",
    'use tool a.b@1.2.3 as <Name> from "p"',
    'use tool mcp "u" as *',
    "<grant>",
    "macro m!(a, b)»\n<stmt>*«\nend",
    "active pattern <Name>(<param>%) -> <activeResult> = <expr>",
    "typestate <Name>»\nstates: A, B\ninitial: A\ntransition m: A -> B«\nend",
    "session <Name>»\n<step>*«\nend",
    "actor <Name>(<param>%)»\nstate n: <type> = <expr>\non M(<param>%)»\n<stmt>*«\nend\n<cell>«\nend",
    "supervisor <Name>»\nmax: 3\nchild a = A(<expr>) restart: permanent«\nend",
    "```\nDoc *text*\n  more\n```\n<cell>",
  ],
  stagesEnd: ["end", "x: 1"],
  granting: [" granting {none}", " granting {fs: read_only, http: [<str>]}"],
  kind: ["orchestration", "memory", "guardrail", "eval", "pattern"],
  member: [
    "<cell>",
    "<grant>",
    "use tool a.b as C",
    "@durable\n<cell>",
    "role system: you are {<name>} it's",
    "notes: some text, 1 + here",
    "policy»\na: b c\n  d e«\nend",
    "@on_error retry 3",
    "words and 1",
  ],
  config: ["k: <expr>", "k: [»\n<expr>,\n<expr>«\n]", "k: <expr>»\nmore: text«\nend"],
  state: [
    "state <Name>(<param>%)»\nguard: <expr>\ntransition A(<expr>) if <expr>\n<hook>«\nend",
    "state <Name>»\nterminal: true«\nend",
  ],
  hook: ["on_event(e) / {emit}»\n<stmt>\ntransition B«\nend", "on_enter»\n<stmt>*«\nend"],
  grant: ["grant <Name> k <lit> d <str>", "grant <Name>»\nk <lit>\nd [<str>]«"],
  activeResult: ["a.B[<type>]?", "Int partial", "|A|B|"],
  step: [
    "A -> B: <type>",
    "choice A»\ncase X»\nA -> B: Int«\ncase Y«\nend",
    "loop L»\nA -> B: T\ncontinue L«\nend",
    "state <Name>\nA -> B: Int",
  ],
  sig: ["cell <name>(<param>%) -> <type>", "async cell <name>() / {a}"],
  record: [
    "record <Name><generics>?(<field>%)",
    "record <Name>»\n<field>\n@key <field>\nmigrate»\nx -> y«\nend«\nend",
  ],
  field: ["<name>: <type>", "<name>: <type> = <expr><where>?", "end: <type>"],
  enum: ["enum <Name><generics>?»\nA, B\nC(x: <type>, <type>)\n<cell>«\nend"],
  cell: [
    "cell <name>(<param>%) = <expr>",
    "cell <name><generics>?(<param>%) -> <type> / {emit}<where>?»\n<stmt>*\n<stmt>*«\nend",
    "async cell <name>()»\n<stmt>*«\nend",
    "cell <name>() <stmt> end",
  ],
  generics: ["[T]", "[T: A + B, U]"],
  param: [
    "<name>",
    "<name>: <type>",
    "<name>: <type> = <expr>",
    "...<name>",
    "self",
    "<name>: own T",
  ],
  where: [" where <expr>"],
  attr: ["@inline", '@test(skip, name: "n")', "@deprecated <str>", "@note»\nk: text here«\nend"],
  type: ["<type0>", "(<type0>)?", "<type0> | <type0>", "(<type>, <type>)", "(<type>) -> <type>"],
  type0: ["Int", "list[<type>]", "a.B[<type>, Int]", "null", "fn(<type>) -> Int", "File@Open"],
  stmt: [
    "<name>(1)",
    "let <name> = <expr>",
    "let mut <pat0>: <type> = <expr>",
    "<name> = <expr>",
    "<name>.a[<expr>].0 **= <expr>",
    "<expr>",
    "<expr>; <expr>",
    "return <expr>",
    "if <expr>»\n<stmt>*«\nelse»\n<stmt>*«\nend",
    "if <expr>»\n<stmt>«\nelif let <pat> = <expr>»\n<stmt>*«\nend",
    "if <expr> then <expr> else <expr>",
    "for @l <binder> in <expr> if <expr>»\n<stmt>*«\nend",
    "while let <pat> = <expr>»\nbreak @l <expr>«\nend",
    "loop»\ncontinue\n<stmt>«\nend",
    "defer <stmt> end",
    "emit <expr>",
    "emit(<expr>)",
    "assert <expr>, <str>",
    "assert(<expr>, <str>)",
    "halt(<str>)",
    "yield <expr>",
    "# a comment\n<stmt>  # and another",
    "approve <str> by ops»\nmore text, 1 +«\nend",
    "with tracing in»\n<stmt>*«\nend",
    "observe x»\na: b«\nin»\n<stmt>«\nend",
    "checkpoint <str>»\nkeep: a«\nend",
    "checkpoint",
    "role user: hello {<name>:>3} there",
    "role user: |»»\nsome text\n  {<name>} more««\n<name>",
    "@hint(<expr>)\n<stmt>",
    "<match>",
    "<cell>",
    "<record>",
    "handle»\n<stmt>*«\nwith»\n<arm>\n<arm>«\nend",
    "assert_matches(<expr>, <pat> if <expr>)",
    "comptime»\n<stmt>«\nend",
    "<expr>\n  |> <name>(<expr>)\n  ?? <expr>",
  ],
  arm: ["A.b(<param>%) => <expr>", "A.c(x) =>»\n<stmt>\nresume(<expr>)«"],
  match: [
    "match <expr>»\n<pat> | <pat> -> <expr>\n<pat> if <expr> ->»\n<stmt>\n<stmt>«\n_ -> <stmt>«\nend",
    "match <expr>»\ncase <pat> ->»\n<stmt>«\nend«\nend",
    "when»\n<expr> -> <expr>\n_ ->»\n<stmt>««\nend",
  ],
  binder: ["<name>", "(<name>, _)"],
  pat: [
    "<pat0>",
    "-1..=3",
    "<str>",
    "V(<pat>, l: <pat>, m:, ..)",
    "ok(<pat>)",
    "[<pat>, ...r]",
    "E.V",
  ],
  pat0: ["<name>", "_", "(<pat0>, <pat0>)", "[a, ..]", "{a, b}"],
  expr: [
    "<name>",
    "<lit>",
    "<name>",
    "<expr> + <expr>",
    "<expr> <op> <expr>",
    "-<expr>",
    "not <expr>",
    "(<expr>)",
    "(<expr>,)",
    "<name>(<arg>%)",
    "<name> (<expr>)",
    "<name>!(<expr>)",
    "<name>! (<expr>)",
    "<expr>.a.0?.b?[<expr>]?",
    "<name>[<expr>, <type0>]",
    "set[<expr>]",
    "set [<expr>]",
    "[<item2>%]",
    "[»\n<expr>, # c\n<expr>«\n]",
    "{k: <expr>, (<name>): <expr>, ...<name>}",
    "{<expr>, <expr>}",
    "{}",
    "[<expr> for <binder> in <expr> if <expr>]",
    "fn(<param>%) => <expr>",
    "f(fn(x)»\n<stmt>«\nend, <expr>)",
    "if <expr> then <expr> else <expr>",
    "try <name>(<expr>) else |e| <expr>",
    "await <expr>",
    "<expr> is <type0>",
    "<expr> as Int",
    "<name> expect schema <type0>",
    "0..<expr> step 2",
    "perform A.b(<arg>%)",
    "do»\n<stmt>«\nend",
    "await parallel»\na = <expr>\n<expr>«\nend",
    "await race for <binder> in <expr>»\n<stmt>«\nend",
    "nursery n»\n<stmt>*«\nend",
    "offer <name>»\nOk(c) -> <expr>\nNo ->»\n<stmt>««\nend",
    "comptime { <expr> }",
    "<name>(<expr>) do |x, y: Int|»\n<stmt>«\nend",
    "f(role user: it's {<name>}, <expr>)",
    "...<name>",
    "handle<touch>",
    "<match>",
    "<expr> \\⏎  + <expr>",
  ],
  touch: ["(<expr>)", "[<expr>]", " - 1"],
  op: ["-", "*", "//", "**", "..", "==", "<", "and", "or", "??", "|>", "~>", "|", "in", "++", "<<"],
  arg: ["<expr>", "k: <expr>", "...<expr>", "role a: text"],
  item2: ["<expr>", "...<expr>"],
  lit: ["1", "0x1F", "2.5", "true", "null", "<str>", 'b"00ff"'],
  str: [
    '"a"',
    "'b'",
    '"x{<name>}y"',
    '"{<name> + 1:>5}"',
    'r"\\d"',
    '"""\n  two\n    lines\n  """',
  ],
  name: ["a", "b", "xs", "handle", "state", "grant", "f", "set", "value_of_something_long", "emit"],
  Name: ["A", "Shape", "Long_name_of_a_type"],
};

const DEPTH_MAX = 5;

/** A program: one derivation of the grammar, with some layout of its own. */
export function generateProgram(random: Random): string {
  const unit = random.pick(["  ", "  ", "  ", "    ", "    ", " ", "\t", ""]);
  const isLoose = random.below(3) === 0;
  let text = "";
  let depth = 0;
  for (const char of expand("module", random, 0)) {
    if (char === "»") depth += 1;
    else if (char === "«") depth = Math.max(0, depth - 1);
    else if (char === "⏎") text += "\n";
    else if (char === "\n") text += lineEnd(random, isLoose) + unit.repeat(depth);
    else text += char === " " && isLoose && random.below(20) === 0 ? "   " : char;
  }
  return `${text}\n`;
}

function lineEnd(random: Random, isLoose: boolean): string {
  if (!isLoose) return "\n";
  return random.pick([
    "\n",
    "\n",
    "\n",
    "\n\n\n",
    "  \n",
    "   # note\n",
    "\n# own\n",
    "\n      # deep\n",
  ]);
}

function expand(name: string, random: Random, depth: number): string {
  const alternatives = GRAMMAR[name];
  if (alternatives === undefined) return name;
  // Deep down only the first alternatives, which end soon.
  const count = depth > DEPTH_MAX ? 1 : alternatives.length;
  const template = alternatives[random.below(count)] ?? "";
  return template.replace(/<(\w+)>([?*%]?)/g, (_all, inner: string, mode: string) => {
    const times = mode === "" ? 1 : mode === "?" ? random.below(2) : random.below(4);
    const parts = Array.from({ length: times }, () => expand(inner, random, depth + 1));
    return parts.join(mode === "*" ? "\n" : ", ");
  });
}

/** Names of productions that a template mentions and the table does not have. */
export function undefinedProductions(): readonly string[] {
  const mentioned = Object.values(GRAMMAR).flatMap((alternatives) =>
    alternatives.flatMap((text) => [...text.matchAll(/<(\w+)>/g)].map((m) => m[1] ?? "")),
  );
  return [...new Set(mentioned)].filter((name) => GRAMMAR[name] === undefined);
}
