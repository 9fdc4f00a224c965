// Reads of parts that need not mark the part shared. A *peek* reads a part that is only looked
// into. A *take* reads a part whose place is written, or whose container is gone, before anybody
// looks there again: `s.items = append(s.items, x)` leaves the list with one owner all the time.

import type { Instruction, OpcodeName } from "@lumen/core/lir";
import { jumpTargets } from "./blocks.ts";
import { readRegisters, target } from "./liveness.ts";
import { isSameBefore } from "./same-value.ts";

/** How far it is looked ahead, in instructions: so linking takes time linear in the code. */
const WINDOW = 64;

/** Instructions that read a part of a container into a register, with the kind of the step. */
const STEP_KINDS: Readonly<Partial<Record<OpcodeName, "index" | "part">>> = {
  list_get: "index",
  map_get: "index",
  tuple_get: "part",
  field_get: "part",
  payload_get: "part",
};

/** Instructions that look at their first operand and keep nothing of it but a part. */
const LOOKERS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "list_get",
  "map_get",
  "tuple_get",
  "field_get",
  "payload_get",
  "list_length",
  "variant_tag",
  "is_null",
]);

/** Whether an instruction reads a part of a container, so that it may be a peek or a take. */
export function isPartRead(op: OpcodeName): boolean {
  return STEP_KINDS[op] !== undefined;
}

/** Whether an instruction looks at its first operand only. */
export function isLooker(op: OpcodeName): boolean {
  return LOOKERS.has(op);
}

/** What is found out about the reads of a cell. */
export interface PartReads {
  /** Also reads, and moves, of what nobody looks at afterwards. */
  readonly peeks: ReadonlySet<number>;
  /** By read. */
  readonly takes: ReadonlyMap<number, Take>;
}

/** Behind a take the whole in the register must not be looked at until that instruction is done. */
export interface Take {
  readonly whole: number;
  readonly until: number;
}

/** What the analysis needs to know of the code. */
export interface CodeFacts {
  readonly code: readonly Instruction[];
  readonly starts: ReadonlySet<number>;
  /** Lookers after which nobody reads what their first operand held. */
  readonly lastLooks: ReadonlySet<number>;
  /** Reads of parts, and moves, to registers that are not read. */
  readonly unread: ReadonlySet<number>;
  /** Constants by the registers that hold nothing else. */
  readonly constants: ReadonlyMap<number, number>;
}

/** A step from a container to a part: a register with an index, or the number of a part. */
interface Step {
  readonly kind: "index" | "part";
  readonly operand: number;
}

/** Reads one behind the other, from the whole in a register to a part. */
interface Chain {
  readonly whole: number;
  readonly reads: readonly number[];
  readonly path: readonly Step[];
}

/** The peeks and takes of a cell. */
export function partReads(facts: CodeFacts): PartReads {
  const { code, unread } = facts;
  const peeks = new Set(unread);
  const takes = new Map<number, Take>();
  /** Chains that the looker at an index goes on with. */
  const open = new Map<number, Chain>();
  code.forEach((instruction, index) => {
    if (!isPartRead(instruction.op) || unread.has(index)) return;
    const chain = extended(open.get(index), instruction, index);
    const looker = lookerOf(facts, chain, index);
    if (looker !== null) {
      peeks.add(index);
      open.set(looker, chain);
      return;
    }
    const take = takeOf(facts, chain, index);
    if (take !== null) for (const read of chain.reads) takes.set(read, take);
  });
  for (const read of takes.keys()) peeks.delete(read);
  return { peeks, takes };
}

function extended(chain: Chain | undefined, { op, operands }: Instruction, index: number): Chain {
  const step: Step = { kind: STEP_KINDS[op] ?? "part", operand: Number(operands[2]) };
  if (chain === undefined) return { whole: Number(operands[1]), reads: [index], path: [step] };
  return { ...chain, reads: [...chain.reads, index], path: [...chain.path, step] };
}

/** The instruction of the same block that alone looks into what a read has read, if any. */
function lookerOf(facts: CodeFacts, { whole }: Chain, read: number): number | null {
  const { code, starts, lastLooks } = facts;
  const part = Number(code[read]?.operands[0]);
  if (part === whole) return null;
  for (let at = read + 1; at <= read + WINDOW && !starts.has(at); at += 1) {
    const instruction = code[at];
    if (instruction === undefined) return null;
    const reads = readRegisters(instruction);
    if (reads.includes(part)) {
      const isLook = LOOKERS.has(instruction.op) && reads.indexOf(part) === 0;
      const isOnce = reads.lastIndexOf(part) === 0;
      return isLook && isOnce && lastLooks.has(at) ? at : null;
    }
    const written = target(instruction);
    if (written === part || written === whole || reads.includes(whole)) return null;
  }
  return null;
}

/** What makes the last read of a chain a take; null where it is none. */
function takeOf(facts: CodeFacts, chain: Chain, last: number): Take | null {
  const { whole, reads } = chain;
  if (facts.lastLooks.has(reads[0] ?? last)) return { whole, until: last };
  const first = reads[0] ?? last;
  // No way may lead around the instruction that ends the search.
  let farthest = last;
  for (let at = first + 1; at <= first + WINDOW; at += 1) {
    const instruction = facts.code[at];
    if (instruction === undefined) return null;
    for (const to of jumpTargets(instruction)) {
      if (to <= last) return null;
      farthest = Math.max(farthest, to);
    }
    const seen = at <= last ? seenInside(facts, chain, instruction) : seenBehind(facts, chain, at);
    if (seen === "over") return farthest > at ? null : { whole, until: at };
    if (seen === "touched") return null;
  }
  return null;
}

/**
 * How an instruction stands to the part in its place: `apart` has nothing to do with it, `over`
 * means that it writes the place, or that nobody looks at the whole any more.
 */
type Seen = "apart" | "over" | "touched";

/** Between the reads of a chain, which leave the whole alone, only indices may change. */
function seenInside({ constants }: CodeFacts, chain: Chain, instruction: Instruction): Seen {
  const written = target(instruction);
  return isIndexOf(chain, written) && !constants.has(written ?? -1) ? "touched" : "apart";
}

function isIndexOf({ path }: Chain, register: number | null): boolean {
  return path.some(({ kind, operand }) => kind === "index" && operand === register);
}

function seenBehind(facts: CodeFacts, chain: Chain, at: number): Seen {
  const { code, lastLooks, constants } = facts;
  const { whole } = chain;
  const instruction = code[at];
  if (instruction === undefined) return "touched";
  const { op, operands } = instruction;
  const written = target(instruction);
  const reads = readRegisters(instruction);
  if (!reads.includes(whole)) {
    if (written === whole) return "touched";
    return isIndexOf(chain, written) && !constants.has(written ?? -1) ? "touched" : "apart";
  }
  if (reads.lastIndexOf(whole) > 0 || operands[1] !== whole) return "touched";
  if (op === "place_set") return written === whole ? placeSeen(facts, chain, at) : "touched";
  if (!LOOKERS.has(op) || !isElsewhere(chain, instruction)) return "touched";
  if (lastLooks.has(at)) return "over";
  return written === whole ? "touched" : "apart";
}

/** Whether a looker at the whole sees nothing of the part. */
function isElsewhere({ path }: Chain, { op, operands }: Instruction): boolean {
  const kind = STEP_KINDS[op];
  if (kind === undefined) return true;
  const [first] = path;
  return kind === "part" && first?.kind === "part" && first.operand !== operands[2];
}

/** Kind of a step of a `place_set` whose operand is a register with an index. */
const INDEX_STEP = 0;
/** Kinds whose operand is the number of a part. */
const PART_STEPS: ReadonlySet<number> = new Set([1, 2]);

function placeSeen(facts: CodeFacts, chain: Chain, at: number): Seen {
  const place = facts.code[at]?.operands[2];
  const pairs = typeof place === "object" ? place : [];
  for (let i = 0; i < pairs.length; i += 2) {
    const [kind = -1, operand = -1] = [pairs[i], pairs[i + 1]];
    const step = chain.path[i / 2];
    // Something inside the part is written.
    if (step === undefined) return "touched";
    if (kind === INDEX_STEP) {
      if (step.kind !== "index" || !isSame(facts, chain, at, step.operand, operand))
        return "touched";
    } else if (!PART_STEPS.has(kind) || step.kind !== "part") return "touched";
    else if (step.operand !== operand) return "apart";
  }
  return "over";
}

/** Whether the index of a read is the one of the place that an instruction writes. */
function isSame(facts: CodeFacts, { reads }: Chain, at: number, a: number, b: number): boolean {
  const { code, constants } = facts;
  if (a === b || (constants.has(a) && constants.get(a) === constants.get(b))) return true;
  const first = reads[0] ?? at;
  for (let i = first; i < at; i += 1) {
    const instruction = code[i];
    if (instruction !== undefined && target(instruction) === b) return false;
  }
  return isSameBefore(facts, first, a, b);
}

/** The registers that one `const` writes, and nothing else. */
export function constantRegisters(
  code: readonly Instruction[],
  given: number,
): ReadonlyMap<number, number> {
  const writers = new Map<number, Instruction | null>();
  for (const instruction of code) {
    const written = target(instruction);
    if (written !== null) writers.set(written, writers.has(written) ? null : instruction);
  }
  const found = new Map<number, number>();
  for (const [register, writer] of writers)
    if (register >= given && writer?.op === "const")
      found.set(register, Number(writer.operands[1]));
  return found;
}
