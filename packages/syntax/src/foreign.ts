// Spellings of other languages. What stands there means something elsewhere: the report says how
// it is written here.

import { COMPOUND } from "./operators.ts";
import { NEW_LINE, SAME_LINE, type Token } from "./token.ts";

const BIND = "A variable is bound with `let`: `let x = 1`.";
const CELL = "A function is a cell: `cell name(x: Int) -> Int`, its body, `end`.";
const RECORD = "A type with fields is a record: `record Name(field: Type)`.";
const TRAIT = "A `trait` lists the methods that types implement.";
const MATCH = "Choose with `match value` and an arm `pattern -> result` for each case.";
const FAIL = "Fail with `halt(message)`, or give `err(reason)` as the result.";
const HANDLE =
  "Look into a result with `match` or `try value else other`; `defer` runs at the end of a cell.";
const IMPORT = "Write `import path.to.module: name`.";
const VISIBLE = "`pub` before a declaration lets other modules import it.";
const PARENTHESES = "A call has parentheses: `print(x)`.";

/** Words that go on with a `try` elsewhere. */
export const HANDLER_WORDS: ReadonlySet<string> = new Set(["catch", "except", "finally", "rescue"]);

/** First words of statements and declarations → how they are written here. */
const WORDS: ReadonlyMap<string, string> = new Map(
  (
    [
      ["var val auto local my dim", BIND],
      ["def func function fun proc procedure sub method", CELL],
      ["class struct data object", RECORD],
      ["interface protocol", TRAIT],
      ["switch case", MATCH],
      ["throw raise panic", FAIL],
      [[...HANDLER_WORDS].join(" "), HANDLE],
      ["elsif elseif", "Write `elif` or `else if`."],
      ["unless", "Write `if not condition`."],
      ["until", "Write `while not condition`."],
      ["foreach", "Write `for x in list`."],
      ["repeat", "Write `loop`, and leave it with `break`."],
      ["package module namespace", "A file is a module; its path is its name."],
      ["require include using from", IMPORT],
      ["public private protected static export", VISIBLE],
      ["new", "A record is made by calling its name: `Point(1, 2)`."],
      ["print println puts echo printf", PARENTHESES],
    ] satisfies readonly (readonly [string, string])[]
  ).flatMap(([words, help]) => words.split(" ").map((word): [string, string] => [word, help])),
);

/** Words that bind a variable elsewhere: what follows them is read as after `let`. */
export const BINDING_WORDS: ReadonlySet<string> = new Set(["var", "val", "auto", "local", "my"]);

/** Help for such a word, and for `const` in a body. */
export const BINDING_HELP: string = BIND;

const PREFIXES =
  "A string with `{x}` in it needs no prefix; `r` and `b` are the prefixes that there are.";

const LAMBDA = "A lambda is `fn(x) => x + 1`.";
const UPDATE = "Assign to a copy: `let mut b = a`, then `b.field = value`; `a` stays as it was.";
const COUNTED = "Count with `for i in 0..n`; `while` repeats as long as a condition holds.";

const OPERANDS: ReadonlySet<string> = new Set(["name", "string", "interpolated", "int", "float"]);

/**
 * What to say about the token at `index`, which nothing here expects; null where it is like nothing
 * elsewhere. `statementStart` is the index of the first token of the statement.
 */
export function foreignHelp(
  tokens: readonly Token[],
  index: number,
  statementStart: number,
): string | null {
  const [previous, token, next] = [tokens[index - 1], tokens[index], tokens[index + 1]];
  if (token === undefined) return null;
  const first = tokens[statementStart];
  if (first?.kind === "name" && index === statementStart + 1 && OPERANDS.has(token.kind))
    return wordHelp(first, token);
  const read = statementStart < 0 ? [] : tokens.slice(statementStart, index);
  const mark = loopHelp(token, read) ?? arrowHelp(token, read) ?? markHelp(token, previous, next);
  return mark ?? (previous === undefined ? null : afterHelp(token, previous, next));
}

/** Two words, or a word and a literal, side by side. */
function wordHelp(first: Token, second: Token): string {
  if (second.start === first.end) return PREFIXES;
  return WORDS.get(first.text) ?? `A call has parentheses: \`${first.text}(…)\`.`;
}

/** Loops with a counter, and pairs without their brackets. */
function loopHelp(token: Token, [first, second, third]: readonly Token[]): string | null {
  if (first?.kind !== "for" || second === undefined) return null;
  if (second.kind === "(" && (token.kind === "=" || token.kind === "let")) return COUNTED;
  if (second.kind === "name" && third === undefined) {
    if (token.kind === "=") return COUNTED;
    if (token.kind === ",")
      return "Take a pair apart in parentheses: `for (key, value) in entries`.";
  }
  return null;
}

/** Arrows: behind the head of a binding or cell one stands for `=`, elsewhere it makes a lambda. */
function arrowHelp(token: Token, read: readonly Token[]): string | null {
  if (token.kind !== "=>" && token.kind !== "->") return null;
  const first = read[0]?.kind;
  const isHead = first === "let" || first === "cell" || first === "const" || first === "async";
  if (!isHead || read.some(({ kind }) => kind === "=")) {
    const before = read.at(-1)?.kind;
    return before === "name" || before === ")" ? LAMBDA : null;
  }
  return token.kind === "->" ? null : "Write `=`: `cell f() = value`; `=>` stands in lambdas.";
}

/** A mark that means something else, or nothing. */
function markHelp(
  token: Token,
  previous: Token | undefined,
  next: Token | undefined,
): string | null {
  const isDoubled = previous?.kind === token.kind && previous.end === token.start;
  switch (token.kind) {
    case "&":
      return isDoubled ? "Write `and`." : null;
    case "|":
      return isDoubled ? "Write `or`." : null;
    case "!":
      return "Write `not`.";
    case "=":
      return previous?.kind === "==" && previous.end === token.start
        ? "Compare with `==`."
        : "`==` compares; `=` gives a variable its value.";
    case "//":
      return "A comment begins with `#`.";
    case "/":
      return next?.kind === "*" ? "A comment begins with `#`." : null;
    case "*":
      return previous?.kind === "/" && previous.end === token.start
        ? "A comment begins with `#`."
        : null;
    case ":":
      return next === undefined || next.line === SAME_LINE
        ? null
        : "A block begins on the next line without `:`, and ends with `end`.";
    case "<":
      return "Type arguments stand in brackets: `list[Int]`.";
    default:
      return null;
  }
}

/** What can only be understood from the token before. */
function afterHelp(token: Token, previous: Token, next: Token | undefined): string | null {
  const isText = token.kind === "string" || token.kind === "interpolated";
  if (isText && previous.kind === "name" && previous.end === token.start) return PREFIXES;
  if (token.kind === "name" && token.text === "with" && next?.kind === "{") return UPDATE;
  if (previous.kind === "?") return "Write `if condition then a else b`.";
  if (previous.kind === "try" && token.line !== SAME_LINE) return HANDLE;
  if (previous.kind === "fn" && token.kind === "name") return CELL;
  if (token.kind === "name" && token.text === "from") return IMPORT;
  return null;
}

/**
 * The length in tokens of a `++` or `--` that touches what stands before it and ends its statement;
 * 0 where an operand follows. `column` is that of the statement.
 */
export function countingLength(
  tokens: readonly [Token, Token, Token],
  before: number,
  column: number,
): number {
  const [token, next, then] = tokens;
  if (token.start !== before) return 0;
  const isOver = (behind: Token): boolean =>
    behind.kind === "eof" ||
    behind.kind === "blockEnd" ||
    (behind.line === NEW_LINE && behind.column <= column);
  if (token.kind === "++") return isOver(next) ? 1 : 0;
  const isDouble = token.kind === "-" && next.kind === "-" && next.start === token.end;
  return isDouble && isOver(then) ? 2 : 0;
}

/** Help for such a block. */
export const BRACES = "Blocks have no braces: they end with `end`.";

/** First words of statements that stand in no map or set. */
const STATEMENT_WORDS: ReadonlySet<string> = new Set(
  "let return break continue defer yield for while loop match when halt".split(" "),
);

/** True where `{` ends the line of a header and statements follow: a block of other languages. */
export function opensForeignBlock(brace: Token, next: Token, then: Token): boolean {
  if (brace.kind !== "{" || brace.line !== SAME_LINE || next.line === SAME_LINE) return false;
  const isAssigned = next.kind === "name" && (then.kind === "=" || COMPOUND.has(then.kind));
  return isAssigned || STATEMENT_WORDS.has(next.kind);
}

/** Statements that people write in the place of a value. */
const INLINE_STATEMENTS: ReadonlySet<string> = new Set(["return", "halt", "break", "continue"]);

/** What to say where the `end` of the block that `opener` opens is missing. */
export function missingEndHelp(tokens: readonly Token[], opener: Token): string | null {
  let at = tokens.findIndex((token) => token.start === opener.start);
  if (at < 0) return null;
  while (tokens[at + 1]?.line === SAME_LINE) at += 1;
  const last = tokens[at];
  if (last?.kind === "{") return BRACES;
  const branch = tokens.findIndex(
    ({ start }, i) => start > opener.start && i <= at && tokens[i]?.kind === "then",
  );
  const first = branch < 0 ? undefined : tokens[branch + 1];
  if (opener.kind === "if" && first !== undefined && INLINE_STATEMENTS.has(first.kind))
    return `\`${first.text}\` is a statement: an \`if\` on one line that holds one ends in \`end\`.`;
  const isLoop = opener.kind === "while" || opener.kind === "for";
  if (isLoop && last?.kind === "name" && last.text === "do")
    return "`while` and `for` take no `do`: it opens a block of its own.";
  return null;
}
