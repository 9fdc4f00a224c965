// Spellings that few constructs have. Who looks for such a construct reads only those declarations
// in which one of them stands: most of a program has none.

/** A place where something of {@link LANDMARKS} is spelled, or `if` as the filter of a `for`. */
export interface Landmark {
  readonly text: string;
  readonly start: number;
}

/** Words and marks that begin, or belong to, a construct or builtin that few modules use. */
export const LANDMARKS: ReadonlySet<string> = new Set([
  ..."perform handle resume offer comptime nursery checkpoint defer yield own".split(" "),
  ..."Prob Sender Receiver Generator eval channel".split(" "),
  ..."bernoulli uniform normal categorical certain scored".split(" "),
  ..."given probability expectation sample".split(" "),
  ..."@ ~> ~ // //= << <<= >> >>= & &= | |= ^ ^= ...".split(" "),
]);
