// Random programs that are right by construction: every expression is made for a type, every name
// is in scope, every effect has its handler. From one seed always the same text. A program is one
// module, or a project of several that import each other.

import type { Random } from "../fuzz/random.ts";

/** The types that expressions are made for. */
const TYPES = ["Int", "Float", "String", "Bool", "list[Int]", "Int?", "Point", "Shape"] as const;

/** One of them, as written. */
type TypeName = (typeof TYPES)[number];

interface Variable {
  readonly name: string;
  readonly type: TypeName;
}

const PRELUDE = `record Point(x: Int, y: Int)

enum Shape
  Dot
  Circle(radius: Int)
  Pair(Int, String)
end

trait Sized
  cell size(self) -> Int
  cell twice(self) -> Int = self.size() * 2
end

impl Sized for Point
  cell size(self) -> Int = self.x + self.y
end

effect Ask
  cell number(hint: Int) -> Int
  cell word() -> String
end

cell measured[T: Sized](value: T) -> Int = value.twice()

cell upto(n: Int) -> yield Int
  for i in 0..n
    yield i
  end
end
`;

/** A module with a handful of cells and a `main` that calls them all. */
export function wellTypedProgram(random: Random): string {
  const cells = Array.from({ length: 2 + random.below(4) }, (_, i) => cellText(random, i));
  const calls = cells.map((cell) => {
    const { name, result } = cell;
    return `  let r_${name}: ${result} = ${callOf(random, cell)}\n  print(r_${name})`;
  });
  const texts = cells.map((c) => c.text).join("\n");
  return `${PRELUDE}\n${texts}\ncell main() -> Null\n${calls.join("\n")}\n  return null\nend\n`;
}

/** Texts of the modules of a project by name; `main` is the root. */
export type ProjectTexts = ReadonlyMap<string, string>;

/**
 * A project: `kit` declares types, traits and effects, up to four parts in folders of their own use
 * it and call cells of the parts before them, `main` calls all. The first holds a tile.
 */
export function wellTypedProject(random: Random): ProjectTexts {
  const texts = new Map([
    ["kit", `${PRELUDE.replace(/^(?=record|enum|trait|effect|cell)/gm, "pub ")}`],
  ]);
  const parts: Part[] = [];
  const count = 2 + random.below(3);
  for (let i = 0; i < count; i++) {
    const part = partOf(
      random,
      i,
      parts.filter(() => random.below(2) === 0),
    );
    parts.push(part);
    texts.set(part.name, part.text);
  }
  const calls = parts.map(({ joined }) => `  print(${joined}(1))`).join("\n");
  const imports = parts.map(({ name, joined }) => `import ${name}: ${joined}`);
  texts.set("main", `${imports.join("\n")}\n\ncell main() -> Null\n${calls}\n  return null\nend\n`);
  return texts;
}

interface Part {
  readonly name: string;
  /** The cell that others call. */
  readonly joined: string;
  readonly text: string;
}

/** A part with a few cells, and one that calls them and those of the parts that it imports. */
function partOf(random: Random, index: number, imported: readonly Part[]): Part {
  const name = random.pick([`part_${index}`, `lib.part_${index}`, `a.b.part_${index}`]);
  const cells = Array.from({ length: 1 + random.below(3) }, (_, i) =>
    cellText(random, index * 10 + i),
  );
  const joined = `joined_${index}`;
  const own = cells.map((c) => callOf(random, c));
  const calls = [...own, ...imported.map((p) => `${p.joined}(n - 1)`)];
  const lines = calls.map((call, i) => `  let r_${i} = ${call}\n  print("${joined}", r_${i})`);
  const body = `cell ${joined}(n: Int) -> Int\n${lines.join("\n")}\n  return n + step_${index}(n)\nend\n`;
  const tile = index === 0 || random.below(2) === 0 ? "@tile(iter)\n" : "";
  const step = `${tile}cell step_${index}(n: Int) -> Int = n * ${random.below(9)} + ${index}\n`;
  const imports = ["import kit: *", ...imported.map((p) => `import ${p.name}: ${p.joined}`)];
  const texts = [imports.join("\n"), step, ...cells.map((c) => c.text), body];
  return { name, joined, text: `${texts.join("\n\n")}` };
}

function callOf(random: Random, { name, params }: CellText): string {
  return `${name}(${params.map((p) => literal(random, p.type)).join(", ")})`;
}

interface CellText {
  readonly name: string;
  readonly params: readonly Variable[];
  readonly result: TypeName;
  readonly text: string;
}

function cellText(random: Random, index: number): CellText {
  const name = `cell_${index}`;
  const params = Array.from(
    { length: random.below(4) },
    (_, i): Variable => ({ name: `p${i}`, type: random.pick(TYPES) }),
  );
  const result = random.pick(TYPES);
  const scope = [...params];
  const lines = Array.from({ length: random.below(6) }, (_, i) =>
    statement(random, scope, `${index}_${i}`),
  );
  const list = params.map((p) => `${p.name}: ${p.type}`).join(", ");
  const body = [...lines.flat(), `return ${expression(random, scope, result, 3)}`];
  const text = `cell ${name}(${list}) -> ${result}\n${indented(body)}\nend\n`;
  return { name, params, result, text };
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}

/** A statement; what it declares joins the scope. */
function statement(random: Random, scope: Variable[], id: string): readonly string[] {
  const type = random.pick(TYPES);
  const value = expression(random, scope, type, 2);
  switch (random.below(8)) {
    case 0: {
      const condition = expression(random, scope, "Bool", 2);
      const known = scope.find((v) => v.type === type);
      if (known === undefined) return [`print(${value})`];
      return [`if ${condition}`, `  ${known.name} = ${value}`, "end"];
    }
    case 1: {
      scope.push({ name: `sum_${id}`, type: "Int" });
      const item = expression(random, [...scope, { name: `i_${id}`, type: "Int" }], "Int", 1);
      return [
        `let sum_${id} = 0`,
        `for i_${id} in 0..${random.below(4)}`,
        `  sum_${id} = ${item}`,
        "end",
      ];
    }
    case 2: {
      const hint = expression(random, scope, "Int", 1);
      scope.push({ name: `h_${id}`, type: "Int" });
      return [
        `let h_${id}: Int = handle`,
        `  Ask.number(${hint}) + length(Ask.word())`,
        "with",
        `  Ask.number(hint) => resume(${random.pick(["hint", "7", "0"])})`,
        `  Ask.word() => ${random.pick(['resume("w")', "3"])}`,
        "end",
      ];
    }
    case 3: {
      scope.push({ name: `m_${id}`, type });
      return [
        `let m_${id}: ${type} = match ${expression(random, scope.slice(0, -1), "Shape", 1)}`,
        `  Dot -> ${value}`,
        `  Circle(radius) -> ${expression(random, [...scope.slice(0, -1), { name: "radius", type: "Int" }], type, 1)}`,
        `  Pair(_, text) -> ${expression(random, [...scope.slice(0, -1), { name: "text", type: "String" }], type, 1)}`,
        "end",
      ];
    }
    case 4:
      return ["defer", `  print(${expression(random, scope, "Int", 1)})`, "end"];
    case 5: {
      scope.push({ name: `f_${id}`, type: "Int" });
      return [
        `let f_${id} = await spawn(fn() => ${expression(random, scope.slice(0, -1), "Int", 1)})`,
      ];
    }
    default:
      scope.push({ name: `v_${id}`, type });
      return [`let v_${id}: ${type} = ${value}`];
  }
}

function literal(random: Random, type: TypeName): string {
  switch (type) {
    case "Int":
      return `${random.below(10)}`;
    case "Float":
      return `${random.below(10)}.5`;
    case "String":
      return `"s${random.below(10)}"`;
    case "Bool":
      return random.pick(["true", "false"]);
    case "list[Int]":
      return random.pick(["[]", "[1, 2]", "[3]"]);
    case "Int?":
      return random.pick(["null", "4"]);
    case "Point":
      return `Point(${random.below(5)}, ${random.below(5)})`;
    case "Shape":
      return random.pick(["Dot", "Circle(2)", 'Pair(1, "p")']);
  }
}

/** An expression of a type, at most `depth` deep. */
function expression(
  random: Random,
  scope: readonly Variable[],
  type: TypeName,
  depth: number,
): string {
  const known = scope.filter((v) => v.type === type);
  const chosen = known[random.below(Math.max(1, known.length))];
  if (chosen !== undefined && random.below(2) === 0) return chosen.name;
  if (depth === 0) return literal(random, type);
  const of = (inner: TypeName): string => expression(random, scope, inner, depth - 1);
  if (random.below(5) === 0) return `(if ${of("Bool")} then ${of(type)} else ${of(type)})`;
  return random.pick(FORMS[type])(of, random);
}

type Form = (of: (type: TypeName) => string, random: Random) => string;

const FORMS: Readonly<Record<TypeName, readonly [Form, ...Form[]]>> = {
  Int: [
    (of) => `(${of("Int")} + ${of("Int")}) % 97`,
    (of) => `(${of("Int")} - ${of("Int")}) % 89`,
    (of) => `length(${of("list[Int]")})`,
    (of) => `length(${of("String")})`,
    (of) => `(${of("Int?")} ?? ${of("Int")})`,
    (of) => `${of("Point")}.x`,
    (of) => `measured(${of("Point")})`,
    (of) => `sum(map(${of("list[Int]")}, fn(x) => x % 7))`,
    (_, random) => `sum([i for i in upto(${random.below(4)})])`,
    (of) => `reduce(${of("list[Int]")}, fn(a, x) => (a + x) % 50, ${of("Int")})`,
  ],
  Float: [
    (of) => `(${of("Float")} * 0.5)`,
    (of) => `(${of("Float")} + ${of("Int")})`,
    (of) => `(to_float(${of("Int")}) ?? 0.0)`,
  ],
  String: [
    (of) => `"{${of("Int")}}:{${of("Bool")}}"`,
    (of) => `(${of("String")} + "x")`,
    (of) => `upper(${of("String")})`,
    (of) => `to_string(${of("Shape")})`,
  ],
  Bool: [
    (of) => `(${of("Int")} < ${of("Int")})`,
    (of) => `(${of("String")} == ${of("String")})`,
    (of) => `(not ${of("Bool")})`,
    (of) => `(${of("Bool")} and ${of("Bool")})`,
    (of) => `(${of("Int?")} == null)`,
    (of) => `(${of("Int")} in ${of("list[Int]")})`,
  ],
  "list[Int]": [
    (of) => `[${of("Int")}, ...${of("list[Int]")}]`,
    (of) => `filter(${of("list[Int]")}, fn(x) => x > 1)`,
    (of) => `[x + 1 for x in ${of("list[Int]")}]`,
    (of) => `append(${of("list[Int]")}, ${of("Int")})`,
    (of) => `parallel(spawn(fn() => ${of("Int")}), ${of("Int")})`,
  ],
  "Int?": [(of) => `first(${of("list[Int]")})`, (of) => `${of("Int")}`, () => "null"],
  Point: [
    (of) => `Point(x: ${of("Int")}, y: ${of("Int")})`,
    (of) => `Point(${of("Int")}, ${of("Int")})`,
  ],
  Shape: [
    (of) => `Circle(${of("Int")})`,
    (of) => `Shape.Pair(${of("Int")}, ${of("String")})`,
    () => "Dot",
  ],
};
