// The benchmark set: programs that exist in Lumen and as idiomatic peers in other languages, one
// folder each. What a program does stands in its `main.lm.md`.

/** A program of the set, `n` its argument when it is measured. */
export interface BenchProgram {
  readonly name: string;
  readonly n: number;
  /** A smaller argument, for a quick look at whether everything runs. */
  readonly small: number;
}

/** The set, in the order of the tables: small programs, then larger ones as people write them. */
export const PROGRAMS: readonly BenchProgram[] = [
  { name: "fib", n: 35, small: 20 },
  { name: "sieve", n: 5_000_000, small: 10_000 },
  { name: "nbody", n: 1_000_000, small: 1_000 },
  { name: "matmul", n: 300, small: 30 },
  { name: "mandelbrot", n: 500, small: 50 },
  { name: "sort", n: 1_000_000, small: 10_000 },
  { name: "fannkuch", n: 9, small: 6 },
  { name: "mulmod", n: 3_000_000, small: 10_000 },
  { name: "words", n: 1_000_000, small: 10_000 },
  { name: "trees", n: 18, small: 8 },
  { name: "json", n: 75_000, small: 100 },
  { name: "ledger", n: 100_000, small: 1_000 },
  { name: "calc", n: 50_000, small: 500 },
  { name: "queue", n: 200_000, small: 2_000 },
  { name: "roads", n: 100_000, small: 1_000 },
  { name: "wrap", n: 300_000, small: 3_000 },
  { name: "netting", n: 1_000_000, small: 10_000 },
];
