// Random programs about who sees what: records, lists, maps, tuples and variants that hold each
// other are read, written in place, swapped, passed, captured. Each statement exists twice: in
// Lumen, and as a step of a model that copies everything.

import type { Random } from "../fuzz/random.ts";

interface Part {
  xs: number[];
  n: number;
}

interface Whole {
  part: Part;
  rows: number[][];
  groups: { k: number[]; g?: number[] };
  pair: [number[], number];
}

interface Model {
  p: Whole;
  q: Whole;
  all: [Whole, Whole];
  box: { whole: Whole };
  xs: number[];
  j: number;
  rows: number[][];
  shape: { Filled: [number[], number] };
}

/** A statement as text, and what it does to the model. */
interface Step {
  readonly text: readonly string[];
  readonly run: (model: Model) => void;
}

/** A place that holds a whole. */
interface Place {
  readonly text: string;
  readonly get: (model: Model) => Whole;
  readonly set: (model: Model, whole: Whole) => void;
}

/** A random program, and what its `main` gives. */
export interface AliasingProgram {
  readonly text: string;
  readonly expected: unknown;
}

const PRELUDE = `record Part
  xs: list[Int]
  n: Int
end
record Whole
  part: Part
  rows: list[list[Int]]
  groups: map[String, list[Int]]
  pair: (list[Int], Int)
end
record Box
  whole: Whole
end
enum Shape
  Empty
  Filled(items: list[Int], count: Int)
end
cell fresh(n: Int) -> Whole
  Whole(part: Part(xs: [n], n: n), rows: [[n], [n + 1]], groups: {"k": [n]}, pair: ([n], n))
end
cell grown(w: Whole) -> Whole
  let copy = w
  copy.part.xs = append(copy.part.xs, 70)
  copy.rows[1] = append(copy.rows[1], 71)
  copy
end
cell turn() -> Int = 1
cell items_of(w: Whole) -> list[Int]
  append(w.part.xs, 72)
end
cell filled(s: Shape) -> Shape
  match s
    Filled(items, count) -> Filled(append(items, count), count + 1)
    Empty -> s
  end
end
`;

const PLACES: readonly [Place, ...Place[]] = [
  place(
    "p",
    (m) => m.p,
    (m, w) => Object.assign(m, { p: w }),
  ),
  place(
    "q",
    (m) => m.q,
    (m, w) => Object.assign(m, { q: w }),
  ),
  place(
    "all[0]",
    (m) => m.all[0],
    (m, w) => m.all.splice(0, 1, w),
  ),
  place(
    "all[1]",
    (m) => m.all[1],
    (m, w) => m.all.splice(1, 1, w),
  ),
  place(
    "box.whole",
    (m) => m.box.whole,
    (m, w) => Object.assign(m.box, { whole: w }),
  ),
];

function place(text: string, get: Place["get"], put: (m: Model, w: Whole) => unknown): Place {
  const set = (model: Model, whole: Whole): void => {
    put(model, whole);
  };
  return { text, get: (model) => structuredClone(get(model)), set };
}

/** Changes a whole in its place. */
function change(at: Place, by: (whole: Whole, model: Model) => void): (model: Model) => void {
  return (model) => {
    const whole = at.get(model);
    by(whole, model);
    at.set(model, structuredClone(whole));
  };
}

/** Statements about one place and a number that is unlike all others. */
const OF_ONE: readonly [OfOne, ...OfOne[]] = [
  (a, k) => ({
    text: [`${a.text}.part.xs = append(${a.text}.part.xs, ${k})`],
    run: change(a, (w) => w.part.xs.push(k)),
  }),
  (a, k) => ({
    text: [`push(${a.text}.part.xs, ${k})`],
    run: change(a, (w) => w.part.xs.push(k)),
  }),
  (a, k) => ({
    text: [`${a.text}.part.xs[0] = ${a.text}.part.xs[0] + ${k}`],
    run: change(a, (w) => {
      w.part.xs[0] = (w.part.xs[0] ?? 0) + k;
    }),
  }),
  (a, k) => ({
    text: [`${a.text}.rows[1] = append(${a.text}.rows[1], ${k})`],
    run: change(a, (w) => w.rows[1]?.push(k)),
  }),
  (a, k) => ({
    text: [`${a.text}.rows[i] = append(${a.text}.rows[1 - i], ${k})`],
    run: change(a, (w) => {
      w.rows[0] = [...(w.rows[1] ?? []), k];
    }),
  }),
  (a, k) => ({
    text: [`${a.text}.rows[(i + ${k}) % 2] = append(${a.text}.rows[(i + ${k}) % 2], ${k})`],
    run: change(a, (w) => w.rows[k % 2]?.push(k)),
  }),
  (a, k) => ({
    text: [`${a.text}.rows[(i + ${k}) % 2] = append(${a.text}.rows[(i + 1 + ${k}) % 2], ${k})`],
    run: change(a, (w) => {
      w.rows[k % 2] = [...(w.rows[(k + 1) % 2] ?? []), k];
    }),
  }),
  (a, k) => ({
    text: [`${a.text}.rows[j % 2] = append(${a.text}.rows[turn() % 2], ${k})`, "j = j + 1"],
    run: change(a, (w, m) => {
      w.rows[m.j % 2] = [...(w.rows[1] ?? []), k];
      m.j += 1;
    }),
  }),
  (a, k) => ({
    text: [
      `${a.text}.rows[${a.text}.part.xs[0] % 2] = append(${a.text}.rows[${a.text}.part.xs[0] % 2], ${k})`,
    ],
    run: change(a, (w) => w.rows[Math.abs(w.part.xs[0] ?? 0) % 2]?.push(k)),
  }),
  (a, k) => ({
    text: [`${a.text}.rows[0][0] = ${k}`],
    run: change(a, (w) => w.rows[0]?.splice(0, 1, k)),
  }),
  (a, k) => ({
    text: [`${a.text}.groups["g"] = append(${a.text}.groups["g"] ?? [], ${k})`],
    run: change(a, (w) => {
      w.groups.g = [...(w.groups.g ?? []), k];
    }),
  }),
  (a, k) => ({
    text: [`${a.text}.groups["g"] = append(get(${a.text}.groups, "g", xs), ${k})`],
    run: change(a, (w, m) => {
      w.groups.g = [...(w.groups.g ?? m.xs), k];
    }),
  }),
  (a, k) => ({
    text: [`xs = append(get(${a.text}.groups, "g") ?? [], ${k})`],
    run: (m) => {
      m.xs = [...(a.get(m).groups.g ?? []), k];
    },
  }),
  (a, k) => ({
    text: [`${a.text}.pair.0 = append(${a.text}.pair.0, ${a.text}.pair.1 + ${k})`],
    run: change(a, (w) => w.pair[0].push(w.pair[1] + k)),
  }),
  (a) => ({
    text: [`${a.text}.part.xs = append(${a.text}.part.xs, length(${a.text}.part.xs))`],
    run: change(a, (w) => w.part.xs.push(w.part.xs.length)),
  }),
  (a, k) => ({
    text: [`${a.text}.part.xs = append(items_of(${a.text}), ${k})`],
    run: change(a, (w) => w.part.xs.push(72, k)),
  }),
  (a) => ({
    text: [`${a.text} = grown(${a.text})`],
    run: change(a, (w) => {
      w.part.xs.push(70);
      w.rows[1]?.push(71);
    }),
  }),
  (a, k) => ({
    text: [
      `if ${k} % 2 == 0`,
      `  ${a.text}.part = Part(xs: append(${a.text}.part.xs, ${k}), n: ${a.text}.part.n)`,
      "end",
    ],
    run: change(a, (w) => {
      if (k % 2 === 0) w.part.xs.push(k);
    }),
  }),
  (a, k) => ({
    text: [`xs = ${a.text}.part.xs`, `xs = append(xs, ${k})`],
    run: (m) => {
      m.xs = [...a.get(m).part.xs, k];
    },
  }),
  (a, k) => ({
    text: [`${a.text}.part.xs = xs`, `xs[0] = ${k}`],
    run: (m) => {
      change(a, (w) => {
        w.part.xs = m.xs;
      })(m);
      m.xs = [k, ...m.xs.slice(1)];
    },
  }),
  (a) => ({
    text: [`rows = append(rows, ${a.text}.part.xs)`, `${a.text}.rows = rows`],
    run: (m) => {
      m.rows = [...m.rows, a.get(m).part.xs];
      change(a, (w) => {
        w.rows = m.rows;
      })(m);
    },
  }),
  (a, k) => ({
    text: [
      `let seen = fn() => items_of(${a.text})`,
      `push(${a.text}.part.xs, ${k})`,
      "xs = seen()",
    ],
    run: (m) => {
      m.xs = [...a.get(m).part.xs, 72];
      change(a, (w) => w.part.xs.push(k))(m);
    },
  }),
  (a) => ({
    text: [`shape = Filled(${a.text}.part.xs, 5)`, "shape = filled(shape)"],
    run: (m) => {
      m.shape = { Filled: [[...a.get(m).part.xs, 5], 6] };
    },
  }),
  () => ({
    text: ["shape = filled(shape)"],
    run: (m) => {
      const [items, count] = m.shape.Filled;
      m.shape = { Filled: [[...items, count], count + 1] };
    },
  }),
];

type OfOne = (a: Place, k: number) => Step;

/** Statements about two places, which may be one. */
const OF_TWO: readonly [OfTwo, ...OfTwo[]] = [
  (a, b) => ({ text: [`${a.text} = ${b.text}`], run: (m) => a.set(m, b.get(m)) }),
  (a, b) => ({
    text: [`${a.text}.part = ${b.text}.part`],
    run: (m) => {
      const { part } = b.get(m);
      change(a, (w) => {
        w.part = part;
      })(m);
    },
  }),
  (a, b) => ({
    text: [`let kept = ${a.text}.part`, `${a.text}.part = ${b.text}.part`, `${b.text}.part = kept`],
    run: (m) => {
      const [first, second] = [a.get(m).part, b.get(m).part];
      change(a, (w) => {
        w.part = second;
      })(m);
      change(b, (w) => {
        w.part = first;
      })(m);
    },
  }),
  (a, b) => ({
    text: [`${a.text}.rows[0] = append(${b.text}.rows[0], ${b.text}.part.n)`],
    run: (m) => {
      const { rows, part } = b.get(m);
      change(a, (w) => w.rows.splice(0, 1, [...(rows[0] ?? []), part.n]))(m);
    },
  }),
];

type OfTwo = (a: Place, b: Place) => Step;

const STEPS_MAX = 12;
const ROUNDS = 3;

/** A program whose statements run {@link ROUNDS} times, one behind the other. */
export function aliasingProgram(random: Random): AliasingProgram {
  const steps = Array.from({ length: 1 + random.below(STEPS_MAX) }, (_, i) =>
    step(random, 100 + i),
  );
  const body = steps.flatMap(({ text }) => text.map((line) => `    ${line}\n`));
  const model: Model = {
    p: fresh(1),
    q: fresh(10),
    all: [fresh(20), fresh(30)],
    box: { whole: fresh(40) },
    xs: [50],
    j: 0,
    rows: [[60]],
    shape: { Filled: [[], 0] },
  };
  for (let round = 0; round < ROUNDS; round += 1) for (const { run } of steps) run(model);
  return { text: `${PRELUDE}${main(body.join(""))}`, expected: structuredClone(model) };
}

function step(random: Random, k: number): Step {
  const [a, b] = [random.pick(PLACES), random.pick(PLACES)];
  return random.below(4) === 0 ? random.pick(OF_TWO)(a, b) : random.pick(OF_ONE)(a, k);
}

function main(body: string): string {
  return `cell main() -> Any
  let p = fresh(1)
  let q = fresh(10)
  let all = [fresh(20), fresh(30)]
  let box = Box(whole: fresh(40))
  let xs = [50]
  let rows = [[60]]
  let shape: Shape = Filled([], 0)
  let i = 0
  let j = 0
  for _ in 0..${ROUNDS}
${body}  end
  {"p": p, "q": q, "all": all, "box": box, "xs": xs, "j": j, "rows": rows, "shape": shape}
end
`;
}

function fresh(n: number): Whole {
  return { part: { xs: [n], n }, rows: [[n], [n + 1]], groups: { k: [n] }, pair: [[n], n] };
}
