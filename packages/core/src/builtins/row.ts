// One row of the builtin table, and what its columns mean.
//
// Signatures are Lumen types plus: `Num` (Int or Float; a result `Num` is Int when every `Num`
// argument is), `Iter[T]` (list, set, tuple, range), `S` as any other capital a type parameter, `=
// d` a default, `...T` the rest; ` ; ` separates overloads, the first that fits is taken. How:
// `native` is computed by the VM from its arguments, `machine` by the VM with the fiber at hand,
// which may have to wait, `prelude` is a cell of `std.prelude` written in Lumen, `construct` is
// lowered to an instruction, `door EFFECT.OPERATION` suspends the machine with that request. Cost
// in cycles, charged like an instruction.

/** One row, widened for readers that treat all rows alike. Numbers are never used again. */
export interface BuiltinRow {
  readonly number: number;
  readonly aliases: readonly string[];
  readonly signature: string;
  /** The effect that a call performs, or empty. */
  readonly effect: string;
  readonly cost: number;
  readonly how: string;
}
