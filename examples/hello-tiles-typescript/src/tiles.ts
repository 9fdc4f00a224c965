// Tiles of both kinds and a sequence with a branch and a loop, in TypeScript. The folder
// hello-tiles-lumen beside this one holds the same program in Lumen: equal inputs give equal
// outputs there, and equal digests of every value on the way.

import { branch, collect, err, ok, sequence, t, tile } from "@lumen/raster";

const Counter = t.struct("Counter", { current: t.i64, goal: t.i64 });

// A tile is a pure function with types. An `iter` tile runs once for each call.

export const greet = tile(
  {
    kind: "iter",
    description: "Greets somebody by name",
    inputs: { name: t.string },
    output: t.string,
  },
  ({ name }) => `Hello, ${name}`,
);

export const shout = tile(
  {
    kind: "iter",
    description: "Makes a text loud",
    inputs: { text: t.string },
    output: t.string,
  },
  ({ text }) => `${text.toUpperCase()}!`,
);

export const start = tile(
  { kind: "iter", inputs: { goal: t.i64 }, output: Counter },
  ({ goal }) => ({ current: 0n, goal }),
);

export const line = tile(
  { kind: "iter", inputs: { text: t.string, counter: Counter }, output: t.string },
  ({ text, counter }) => `${text} (${counter.current})`,
);

export const known = tile(
  {
    kind: "iter",
    description: "Refuses to greet nobody",
    inputs: { name: t.string },
    output: t.bool,
    error: t.string,
  },
  ({ name }) => (name === "" ? err("there is nobody to greet") : ok(name.length > 3)),
);

// A `recur` tile is one step of a repetition: it gives whether it is done, and the state of the
// next step.

export const count_to = tile(
  {
    kind: "recur",
    description: "Counts up to a goal",
    maxIterations: 1000,
    inputs: { counter: Counter },
    output: t.tuple(t.bool, Counter),
  },
  ({ counter }) =>
    counter.current >= counter.goal
      ? [true, counter]
      : [false, { current: counter.current + 1n, goal: counter.goal }],
);

// The function of a sequence runs once, when the project is compiled, with references in the
// places of values: what it calls becomes the flow.

export const main = sequence(
  { inputs: { names: t.list(t.string), goal: t.i64 }, output: t.list(t.string) },
  ({ names, goal }) => {
    const first = start({ goal });
    const [, counter] = count_to.recur({ counter: first });
    return collect(names, (name) => {
      const long = known({ name });
      const greeting = greet({ name });
      const text = branch(long, { true: () => shout({ text: greeting }), false: () => greeting });
      return line({ text, counter });
    });
  },
);
