// Random programs of numbers, booleans and lists of them, right by construction: what tier T2 is
// for. They go to the edges: overflow, indices that do not exist, NaN, -0, lists that are shared,
// recursion. From one seed always the same text.

import type { Random } from "../fuzz/random.ts";

const TYPES = [
  "Int",
  "Int",
  "Float",
  "Float",
  "Bool",
  "list[Int]",
  "list[Float]",
  "list[Bool]",
  "list[list[Int]]",
  "list[list[Float]]",
] as const;

type TypeName = (typeof TYPES)[number];

/** What is iterated. */
const LISTS = ["list[Int]", "list[Float]", "list[Bool]", "list[list[Int]]"] as const;

interface Variable {
  readonly name: string;
  readonly type: TypeName;
  /** Loop counters are only read. */
  readonly isFixed?: boolean;
}

interface CellHead {
  readonly name: string;
  readonly params: readonly Variable[];
  readonly result: TypeName;
}

/** What a text is made in. */
interface Scope {
  readonly random: Random;
  readonly variables: readonly Variable[];
  /** Cells that may be called. */
  readonly cells: readonly CellHead[];
  readonly result: TypeName;
}

/** A module of a few cells that call those before them, and an entry for each. */
export function numericProgram(random: Random): string {
  const cells: CellHead[] = [];
  const texts: string[] = [];
  for (let i = 0; i < 1 + random.below(3); i += 1) {
    const head = headOf(random, i);
    texts.push(cellText(random, head, cells));
    cells.push(head);
    texts.push(entryText(random, head, i));
  }
  return `${texts.join("\n\n")}\n`;
}

function headOf(random: Random, index: number): CellHead {
  const params = Array.from(
    { length: random.below(4) },
    (_, i): Variable => ({ name: `p${i}`, type: random.pick(TYPES) }),
  );
  return { name: `cell_${index}`, params, result: random.pick(TYPES) };
}

/** Calls the cell twice: no call is in tail position, so that it is compiled. */
function entryText(random: Random, head: CellHead, index: number): string {
  const call = (): string => `${head.name}(${argumentsOf(random, head).join(", ")})`;
  const lines = [`let result: ${head.result} = ${call()}`, `result = ${call()}`, "return result"];
  return `cell run_${index}() -> ${head.result}\n${indented(lines).join("\n")}\nend`;
}

function argumentsOf(random: Random, { params }: CellHead): readonly string[] {
  return [`${random.below(12)}`, ...params.map(({ type }) => literal(random, type))];
}

/** Every cell may call itself, `n` times deep. */
function cellText(random: Random, head: CellHead, before: readonly CellHead[]): string {
  const { name, params, result } = head;
  const own: Variable = { name: "n", type: "Int", isFixed: true };
  const scope: Scope = { random, variables: [own, ...params], cells: before, result };
  const { lines, inside } = statements(scope, `${random.below(1000)}`, 2);
  const base = expression({ ...scope, cells: [] }, result, 2);
  const again = [
    "n - 1",
    ...params.map(({ type }) => expression({ ...inside, cells: [] }, type, 1)),
  ];
  const isRecursive = random.below(3) === 0;
  const value = isRecursive ? `${name}(${again.join(", ")})` : expression(inside, result, 3);
  // Not every recursion is in tail position.
  const kept = isRecursive && random.below(2) === 0;
  const end = kept ? [`let kept: ${result} = ${value}`, "return kept"] : [`return ${value}`];
  const given = [own, ...params].map((p) => `${p.name}: ${p.type}`).join(", ");
  const body = ["if n <= 0", `  return ${base}`, "end", ...lines, ...end];
  return `cell ${name}(${given}) -> ${result}\n${indented(body).join("\n")}\nend`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** A few statements; what they declare is in `inside`. */
function statements(
  scope: Scope,
  id: string,
  depth: number,
): { readonly lines: readonly string[]; readonly inside: Scope } {
  const lines: string[] = [];
  let inside = scope;
  for (let i = 0; i < 1 + scope.random.below(4); i += 1) {
    const made = statement(inside, `${id}_${i}`, depth);
    lines.push(...made.lines);
    if (made.declared !== undefined)
      inside = { ...inside, variables: [...inside.variables, made.declared] };
  }
  return { lines, inside };
}

interface Statement {
  readonly lines: readonly string[];
  readonly declared?: Variable;
}

function statement(scope: Scope, id: string, depth: number): Statement {
  const { random } = scope;
  switch (random.below(depth === 0 ? 5 : 10)) {
    case 0:
    case 1: {
      const type = random.pick(TYPES);
      const isEmpty = type.startsWith("list[") && random.below(3) === 0;
      const value = isEmpty ? "[]" : expression(scope, type, 2);
      const lines = [`let v${id}: ${type} = ${value}`];
      return { lines, declared: { name: `v${id}`, type } };
    }
    case 2:
    case 3:
      return { lines: assignment(scope) };
    case 4:
      return { lines: change(scope) };
    case 5:
      return { lines: otherwise(scope, id, depth) };
    case 6: {
      const list = random.pick(LISTS);
      const type = itemOf(list);
      const item: Variable = { name: `x${id}`, type, isFixed: true };
      const body = within(scope, item, id, depth);
      const items = expression(scope, list, 1);
      return { lines: [`for x${id} in ${items}`, ...body, "end"] };
    }
    case 7: {
      const end = random.pick(["n", "7", "40", "n + 2"]);
      const counter: Variable = { name: `i${id}`, type: "Int", isFixed: true };
      const body = within(scope, counter, id, depth);
      return { lines: [`for i${id} in ${random.below(3)}..${end}`, ...body, "end"] };
    }
    default: {
      const counter: Variable = { name: `w${id}`, type: "Int", isFixed: true };
      const test = `w${id} < ${random.below(9)} and ${expression(scope, "Bool", 1)}`;
      const body = within(scope, counter, id, depth);
      return {
        lines: [`let w${id} = 0`, `while ${test}`, `  w${id} = w${id} + 1`, ...body, "end"],
      };
    }
  }
}

function within(scope: Scope, counter: Variable, id: string, depth: number): readonly string[] {
  const inside = { ...scope, variables: [...scope.variables, counter] };
  const lines = [...statements(inside, id, depth - 1).lines];
  const out = expression(inside, "Bool", 1);
  const way = scope.random.pick([
    "break",
    "continue",
    `return ${literal(scope.random, scope.result)}`,
  ]);
  if (scope.random.below(3) === 0) lines.push(`if ${out}`, `  ${way}`, "end");
  return indented(lines);
}

function otherwise(scope: Scope, id: string, depth: number): readonly string[] {
  const yes = indented(statements(scope, `${id}y`, depth - 1).lines);
  const no = indented(statements(scope, `${id}n`, depth - 1).lines);
  return [`if ${expression(scope, "Bool", 2)}`, ...yes, "else", ...no, "end"];
}

/** Another value for a variable, which may be the list of another one. */
function assignment(scope: Scope): readonly string[] {
  const { random } = scope;
  const known = scope.variables.filter(({ isFixed }) => isFixed !== true);
  const chosen = known[random.below(Math.max(1, known.length))];
  if (chosen === undefined) return [`let unused_${random.below(1e9)} = ${literal(random, "Int")}`];
  return [`${chosen.name} = ${expression(scope, chosen.type, 2)}`];
}

/** A list that grows, or an item that is written. */
function change(scope: Scope): readonly string[] {
  const { random } = scope;
  const lists = scope.variables.filter(({ type }) => type.startsWith("list["));
  const list = lists[random.below(Math.max(1, lists.length))];
  if (list === undefined) return assignment(scope);
  const { name, type } = list;
  const item = itemOf(type);
  const value = expression(scope, item, 1);
  if (random.below(2) === 0) return [`${name} = append(${name}, ${value})`];
  if (random.below(8) === 0) return [`${name} = take(${name}, ${expression(scope, "Int", 1)})`];
  const at = `${name}[${position(scope, name)}]`;
  if (!item.startsWith("list[") || random.below(2) === 0) return [`${at} = ${value}`];
  const inner = itemOf(item);
  return [`${at}[${random.pick(["0", "-1", "1"])}] = ${expression(scope, inner, 1)}`];
}

/** An index that mostly exists. */
function position(scope: Scope, name: string): string {
  const { random } = scope;
  if (random.below(6) === 0) return expression(scope, "Int", 1);
  return random.pick(["0", "-1", `(${expression(scope, "Int", 1)}) % max(len(${name}), 1)`]);
}

function itemOf(type: TypeName): TypeName {
  const item = type.slice("list[".length, -1);
  return TYPES.find((known) => known === item) ?? "Int";
}

const INTS = [
  "0",
  "1",
  "2",
  "7",
  "-1",
  "-3",
  "1000003",
  "2147483647",
  "-2147483648",
  "9007199254740991",
  "9223372036854775807",
  "(-9223372036854775807 - 1)",
] as const;
const FLOATS = [
  "0.0",
  "-0.0",
  "0.5",
  "-1.5",
  "3.0",
  "1.0e300",
  "(1.0 / 0.0)",
  "(0.0 / 0.0)",
] as const;

function literal(random: Random, type: TypeName): string {
  // An empty one would be a list of anything.
  const list = (item: TypeName): string =>
    `[${Array.from({ length: 1 + random.below(3) }, () => literal(random, item)).join(", ")}]`;
  switch (type) {
    case "Int":
      return random.below(3) === 0 ? random.pick(INTS) : `${random.below(20)}`;
    case "Float":
      return random.below(3) === 0 ? random.pick(FLOATS) : `${random.below(10)}.25`;
    case "Bool":
      return random.pick(["true", "false"]);
    default:
      return list(itemOf(type));
  }
}

/** An expression of a type, at most `depth` deep. */
function expression(scope: Scope, type: TypeName, depth: number): string {
  const { random } = scope;
  const known = scope.variables.filter((v) => v.type === type);
  const chosen = known[random.below(Math.max(1, known.length))];
  if (chosen !== undefined && random.below(2) === 0) return chosen.name;
  if (depth === 0) return literal(random, type);
  const callable = scope.cells.filter(({ result }) => result === type);
  const callee = callable[random.below(Math.max(1, callable.length))];
  const of = (inner: TypeName): string => expression(scope, inner, depth - 1);
  if (callee !== undefined && random.below(3) === 0)
    return `${callee.name}(${["2", ...callee.params.map((p) => of(p.type))].join(", ")})`;
  if (random.below(8) === 0) return `(if ${of("Bool")} then ${of(type)} else ${of(type)})`;
  return form(scope, type, of);
}

type Of = (type: TypeName) => string;

function form(scope: Scope, type: TypeName, of: Of): string {
  const { random } = scope;
  const lists = scope.variables.filter((v) => v.type === `list[${type}]`);
  const list = lists[random.below(Math.max(1, lists.length))];
  if (list !== undefined && random.below(3) === 0)
    return `${list.name}[${position(scope, list.name)}]`;
  if (type === "Int") return random.pick(INT_FORMS)(of, random);
  if (type === "Float") return random.pick(FLOAT_FORMS)(of, random);
  if (type === "Bool") return random.pick(BOOL_FORMS)(of, random);
  const item = itemOf(type);
  if (random.below(3) === 0) return `append(${of(type)}, ${of(item)})`;
  if (random.below(8) === 0) return `take(${of(type)}, ${of("Int")})`;
  return `[${Array.from({ length: 1 + random.below(2) }, () => of(item)).join(", ")}]`;
}

type Form = (of: Of, random: Random) => string;

const INT_FORMS: readonly [Form, ...Form[]] = [
  (of) => `(${of("Int")} + ${of("Int")})`,
  (of) => `(${of("Int")} + ${of("Int")}) % 97`,
  (of) => `(${of("Int")} - ${of("Int")})`,
  (of) => `(${of("Int")} * ${of("Int")})`,
  (of) => `(${of("Int")} * 31 + 7) % 1000003`,
  (of, random) => `(${of("Int")} ${random.pick(["//", "%"])} ${of("Int")})`,
  (of, random) => `(${of("Int")} ${random.pick(["//", "%"])} ${random.pick(INTS)})`,
  (of, random) => `(${of("Int")} * ${random.pick(INTS)})`,
  (of, random) => `(${of("Int")} ${random.pick(["&", "|", "^"])} ${of("Int")})`,
  (of, random) => `(${of("Int")} ${random.pick(["<<", ">>"])} ${random.below(70)})`,
  (of) => `wrapping_mul(${of("Int")}, ${of("Int")})`,
  (of) => `abs(${of("Int")})`,
  (of) => `(-${of("Int")})`,
  (of) => `(~${of("Int")})`,
  (of, random) => `${random.pick(["min", "max"])}(${of("Int")}, ${of("Int")})`,
  (of) => `to_int(${of("Float")} + 0.0)`,
  (of) => `len(${of("list[Int]")})`,
  (of) => `len(${of("list[list[Float]]")})`,
];

const FLOAT_FORMS: readonly [Form, ...Form[]] = [
  (of, random) => `(${of("Float")} ${random.pick(["+", "-", "*", "/"])} ${of("Float")})`,
  (of, random) => `(${of("Float")} ${random.pick(["//", "%"])} ${of("Float")})`,
  (of) => `(${of("Float")} + ${of("Int")})`,
  (of) => `to_float(${of("Int")} + 0)`,
  (of) => `(-${of("Float")})`,
  (of) => `abs(${of("Float")})`,
  (of, random) => `${random.pick(["sqrt", "floor", "ceil", "trunc", "sin"])}(${of("Float")})`,
  (of, random) => `${random.pick(["min", "max"])}(${of("Float")}, ${of("Float")})`,
  (of) => `atan2(${of("Float")}, ${of("Float")})`,
];

const BOOL_FORMS: readonly [Form, ...Form[]] = [
  (of, random) => `(${of("Int")} ${random.pick(["<", "<=", "==", "!="])} ${of("Int")})`,
  (of, random) => `(${of("Float")} ${random.pick(["<", ">=", "==", "!="])} ${of("Float")})`,
  (of) => `(not ${of("Bool")})`,
  (of, random) => `(${of("Bool")} ${random.pick(["and", "or"])} ${of("Bool")})`,
];
