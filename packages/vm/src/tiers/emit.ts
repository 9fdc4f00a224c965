// JavaScript for the instructions of LIR (tier T1): the text of one instruction after the other;
// control is put around it by `structure.ts`. What the text means is what the interpreter does.
//
// Names in the text: rN registers, kN constants, cN callees, nN natives, sN slow operations with
// their words wN, lists lN of registers that are still read, H helpers, X the context, M its
// memory, N what notes the frame; `q` cycles that are not yet in the context, `d` calls that may
// still nest, `t`, `u` and `a` temporaries.

import type { BuiltinName } from "@lumen/core/builtins";
import { type Instruction, OPCODES, TRAP_CODES } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { Float } from "@lumen/core/value";
import { NATIVES_BY_NUMBER } from "../builtins/natives.ts";
import { SLOW_OPERATIONS } from "../interpreter/slow-operations.ts";
import { blockStarts } from "../link/blocks.ts";
import { GIVEN, SHARE_FIRST, TO_FLOAT, TO_INT } from "../link/compile-cell.ts";
import { isKept, type Ownership, ownershipOf } from "../link/ownership.ts";
import type { LinkedCell } from "../link/program.ts";
import { BOX_BYTES, frameBytes, ITEM_BYTES } from "../memory.ts";
import { constructText, payloadText } from "./construct-text.ts";
import { literals, literalText, numberRegisters } from "./facts.ts";
import type { Tier } from "./fast.ts";
import {
  builtinNamed,
  INT_SUMS,
  isSupported,
  liveBefore,
  OPERATORS,
  registersOf,
  remapped,
  SCALAR_TESTS,
  wordsOf,
} from "./instructions.ts";
import { bitwise, intSum, quotient, remainder, typeTests } from "./int-text.ts";
import { getIntText, mapGetText, setEntryText } from "./map-text.ts";
import { type ModularProduct, modularProducts } from "./modular.ts";
import { type Rep, repOf, repsOf } from "./reps.ts";
import { floatItems, floatsIn, slotPath } from "./slot-types.ts";
import type { BlockEnd } from "./structure.ts";
import { boxesText, boxText } from "./weights.ts";

/** What is compiled. */
export interface EmitOptions {
  readonly tier: Tier;
  /** Cells that have, or will have, code of the tier. */
  readonly canCall: (cell: LinkedCell) => boolean;
  /** The cell from its beginning, not from a loop inside. */
  readonly isWhole: boolean;
}

/** Puts cycles into the context. */
const HAND_OVER = "X.cycles += q; q = 0;\n";

/** What the emitter knows about the cell whose code it writes. */
export class Emitter {
  readonly cell: LinkedCell;
  readonly reps: readonly Rep[];
  /** Values that the text refers to by name, beside helpers and context. */
  readonly bindings: Map<string, unknown> = new Map();
  readonly literals: ReadonlyMap<number, string>;
  private readonly numbers: ReadonlySet<number>;
  private readonly options: EmitOptions;
  /** Registers that are still read, by instruction. */
  private readonly live: readonly (readonly number[])[];
  private readonly products: ReadonlyMap<number, ModularProduct>;
  private readonly ownership: Ownership;

  constructor(cell: LinkedCell, options: EmitOptions) {
    this.cell = cell;
    this.options = options;
    this.reps = repsOf(cell.module.lir, cell.lir);
    this.live = liveBefore(cell.lir);
    this.ownership = ownershipOf(cell);
    this.literals = literals(cell, this.reps);
    this.numbers = numberRegisters(cell, this.reps);
    this.products = modularProducts({
      code: cell.lir.code,
      starts: blockStarts(cell.lir.code),
      live: this.live,
      isSilent: ({ op, operands }) => op === "const" && this.literals.has(Number(operands[0])),
    });
  }

  /** A register as an operand. */
  raw(register: number): string {
    return this.literals.get(register) ?? `r${register}`;
  }

  /** A register as a value of the interpreter. */
  boxed(register: number): string {
    return this.rep(register) === "float"
      ? `new H.Float(${this.raw(register)})`
      : this.raw(register);
  }

  /** The same, marked shared: somebody else holds it from now on. */
  shared(register: number): string {
    return this.rep(register) === "value" ? `H.share(${this.raw(register)})` : this.boxed(register);
  }

  /** The same, unless the instruction gives it away. */
  moved(index: number, register: number): string {
    const isOwn = this.isGiven(index, register) || this.ownership.peeks.has(index);
    return isOwn ? this.boxed(register) : this.shared(register);
  }

  private movedRaw(index: number, register: number): string {
    return this.rep(register) === "value" ? this.moved(index, register) : this.raw(register);
  }

  rep(register: number): Rep {
    return required(this.reps[register], "the register exists");
  }

  /** Assigns what `text`, a value of the interpreter, is to a register. */
  private put(register: number, text: string): string {
    return this.rep(register) === "float"
      ? `r${register} = (${text}).value;\n`
      : `r${register} = ${text};\n`;
  }

  /** The registers that are still read, before an instruction. */
  liveAt(index: number): readonly number[] {
    return this.live[index] ?? [];
  }

  /** Leaves the function at an instruction, `X.reason` being set. */
  leave(at: number): string {
    const live = this.liveAt(at < 0 ? ~at : at);
    const numbers = this.bind(`l${at < 0 ? ~at : at}`, live);
    return `return N(${at}, q, ${numbers}, [${live.map((r) => this.raw(r)).join(", ")}]);\n`;
  }

  /** Leaves the function so that the interpreter goes on at an instruction. */
  exit(at: number, reason = "EXIT"): string {
    return `X.reason = H.${reason}; ${this.leave(at)}`;
  }

  /** Leaves the function where what it called has failed, or was left. */
  unless(index: number, value: string): string {
    return `if (${value} === undefined) ${this.leave(index)}`;
  }

  /** Counts memory that the instruction takes; the interpreter does it again where it ran out. */
  charge(index: number, bytes: string): string {
    if (bytes === "0") return "";
    const test = "(M.budgetBytes -= u) < 0";
    return `u = ${bytes};\nif (${test}) { M.budgetBytes += u; ${this.exit(index)}}\n`;
  }

  /** Has the text refer to a value by a name. */
  bind(name: string, value: unknown): string {
    this.bindings.set(name, value);
    return name;
  }

  /** The text of an instruction that does not end its block. */
  plain(instruction: Instruction, index: number): string {
    const product = this.products.get(index);
    if (product !== undefined) return this.modularText(product, index);
    const isInside = [...this.products].some(([at, { last }]) => at < index && index <= last);
    return isInside ? "" : this.single(instruction, index);
  }

  /** Computed at once where that is exact, else step by step. */
  private modularText({ w, a, b, c, isMinus, m, last }: ModularProduct, index: number): string {
    const [A, B, M] = [this.raw(a), this.raw(b), this.raw(m)];
    const C = c === null ? "0" : isMinus ? `-${this.raw(c)}` : this.raw(c);
    const numbers = typeTests(this, a, b, m, ...(c === null ? [] : [c]));
    const steps = this.cell.lir.code.slice(index, last + 1);
    const slow = steps.map((step, i) => this.single(step, index + i)).join("");
    return (
      `P${index}: {\nif (${numbers}${A} >= 0 && ${B} >= 0 && ${M} > 0) {\n` +
      `t = H.mulAddRem(${A}, ${B}, ${C}, ${M});\n` +
      `if (t !== undefined) { r${w} = t; break P${index}; }\n}\n${slow}}\n`
    );
  }

  private single(instruction: Instruction, index: number): string {
    const { op, operands } = instruction;
    const [w = 0, a = 0, b = 0] = operands.map((x) => (typeof x === "number" ? x : 0));
    const [A, B] = [this.raw(a), this.raw(b)];
    const operator = OPERATORS[op];
    if (operator !== undefined) return `r${w} = ${A} ${operator} ${B};\n`;
    const sum = INT_SUMS[op];
    if (sum !== undefined) return intSum(this, index, w, a, b, ...sum);
    switch (op) {
      case "const":
        return this.literals.has(w) ? "" : `r${w} = ${this.constant(a, this.rep(w))};\n`;
      case "move":
      case "widen":
        return `r${w} = ${this.rep(w) === this.rep(a) ? this.movedRaw(index, a) : this.moved(index, a)};\n`;
      case "cast":
        return this.cast(instruction, index);
      case "is_null":
        return `r${w} = ${A} === null;\n`;
      case "rem_int":
        return remainder(this, index, w, a, b);
      case "quot_int":
        return quotient(this, index, w, a, b);
      case "int_to_float":
        return `r${w} = ${this.isNumber(a) ? A : `Number(${A})`};\n`;
      case "neg_float":
        return `r${w} = -${A};\n`;
      case "and_int":
      case "or_int":
      case "xor_int":
        return bitwise(this, instruction, index);
      case "not":
        return `r${w} = !${A};\n`;
      case "truthy":
        return this.rep(a) === "bool" ? `r${w} = ${A};\n` : `r${w} = H.truthy(${this.boxed(a)});\n`;
      case "list_length":
      case "variant_tag":
        return `r${w} = ${A}.${op === "variant_tag" ? "tag" : "length"};\n`;
      case "list_get":
        return this.item(index, w, a, B);
      case "index":
        return this.index(instruction, index);
      case "list_append":
        return this.append(index, w, a, b);
      case "tuple_get":
        return this.part(index, w, a, `${A}.items[${b}]`);
      case "field_get":
        return `t = ${A}.fields[${b}];\n${this.fromSlot(index, w, a, `${A}.shape.floats?.[${b}]`)}`;
      case "payload_get":
        return this.part(index, w, a, `${A}.${payloadText(b)}`);
      case "record_new":
      case "variant_new":
      case "tuple_new":
      case "list_new":
        return constructText(this, instruction, index);
      case "map_get":
        return this.mapGet(instruction, index);
      case "place_set":
        return this.place(instruction, index);
      case "call":
        return this.call(instruction, index);
      case "call_closure":
        return this.callClosure(instruction, index);
      case "call_builtin":
        return this.callBuiltin(instruction, index);
      default:
        return isSupported(instruction) ? this.slow(instruction, index) : this.exit(index);
    }
  }

  private item(index: number, w: number, a: number, at: string): string {
    const A = this.raw(a);
    const other = `t = H.itemAt(${A}, ${at}); ${this.unless(index, "t")}`;
    const read = `t = ${A}[${at}];\nif (t === undefined) { ${other}}\n`;
    return `${read}${this.fromSlot(index, w, a, `${A}.floats`)}`;
  }

  private mapGet(instruction: Instruction, index: number): string {
    const [w = 0, a = 0, b = 0] = instruction.operands.map(Number);
    const text = mapGetText(this, a, b);
    return text === null ? this.slow(instruction, index) : this.part(index, w, a, text);
  }

  /** Whether the instruction gives away what the register holds. */
  private isGiven(index: number, register: number): boolean {
    return isKept(this.ownership, index, register);
  }

  /** What the container in a register holds, into another; shared where more than that has it. */
  private part(index: number, w: number, a: number, text: string): string {
    if (this.rep(w) !== "value" || this.ownership.peeks.has(index)) return this.put(w, text);
    if (!this.ownership.takes.has(index)) return this.read(w, text);
    return `t = ${text};\nif (${this.raw(a)}.shared) H.share(t);\nr${w} = t;\n`;
  }

  /** What a slot of a list or record holds, `t`, into a register; there a Float may be a number. */
  private fromSlot(index: number, w: number, a: number | null, isFloat: string): string {
    if (this.rep(w) === "float") return `r${w} = typeof t === "number" ? t : t.value;\n`;
    const box = `if (typeof t === "number" && ${isFloat}) t = new H.Float(t);\n`;
    const isMixed = floatsIn(this.cell, this.cell.lir.registers[w]) === "some";
    return `${isMixed ? box : ""}${a === null ? this.read(w, "t") : this.part(index, w, a, "t")}`;
  }

  /** What a container holds, into a register. */
  private read(w: number, text: string): string {
    return this.rep(w) === "value" ? `r${w} = H.share(${text});\n` : this.put(w, text);
  }

  private constant(k: number, rep: Rep): string {
    const value = this.cell.module.constants[k];
    // Where the register holds any value, a Float is one.
    const literal = value instanceof Float && rep !== "float" ? null : literalText(value);
    return literal ?? this.bind(`k${k}`, value);
  }

  /** Whether a register holds a number whatever the program does. */
  isNumber(register: number): boolean {
    return this.literals.has(register) || this.numbers.has(register);
  }

  /** Scalars that are what they should be need no more than a test. */
  private cast(instruction: Instruction, index: number): string {
    const [w = 0, a = 0, type = 0] = instruction.operands.map(Number);
    const kind = this.cell.module.lir.types[type]?.kind;
    const test = kind === undefined ? undefined : SCALAR_TESTS[kind];
    const slow = this.slow(instruction, index);
    if (test === undefined || this.rep(a) === "float") return slow;
    const A = this.raw(a);
    const value = kind === "float" && this.rep(w) === "float" ? `${A}.value` : A;
    return `if (${test(A)}) r${w} = ${value};\nelse {\n${slow}}\n`;
  }

  /** Of texts by numbers: a loop over a text makes one for each of its scalar values. */
  private index(instruction: Instruction, index: number): string {
    const [w = 0, a = 0, b = 0] = instruction.operands.map(Number);
    const [A, B] = [this.raw(a), this.raw(b)];
    if (!["plain", "value"].includes(this.rep(a)) || this.rep(w) === "float")
      return this.slow(instruction, index);
    const test = `typeof ${A} === "string" && typeof ${B} === "number" ? H.textAt(${A}, ${B})`;
    return `t = ${test} : undefined;\nif (t === undefined) {\n${this.slow(instruction, index)}} else r${w} = t;\n`;
  }

  private append(index: number, w: number, a: number, b: number): string {
    const isOwn = w === a || this.isGiven(index, a);
    const items = floatItems(this.cell, a);
    const isFloats = items === "all" && this.rep(b) === "float";
    const list = isOwn ? this.raw(a) : `H.share(${this.raw(a)})`;
    const copied = `t = H.appendTo(${list}, t, M); ${this.unless(index, "t")}r${w} = t;\n`;
    const item = `t = ${this.moved(index, b)};\n`;
    if (!isOwn) return item + copied;
    const bytes = `${ITEM_BYTES}${isFloats ? "" : boxesText(this, [b])}`;
    const own = w === a ? "" : `r${w} = ${this.raw(a)};\n`;
    const pushed = `${this.charge(index, bytes)}${own}r${w}.push(${isFloats ? this.raw(b) : "t"});\n`;
    const A = this.raw(a);
    const other = items === "none" ? "" : ` || ${isFloats ? "!" : ""}${A}.floats`;
    const test = `${A}.shared || ${A}.length >= H.ITEMS_MAX${other}`;
    const [before, inside] = isFloats ? ["", item] : [item, ""];
    return `${before}if (${test}) {\n${inside}${copied}} else {\n${pushed}}\n`;
  }

  /** In place where nothing on the way is shared and everything is there, else as T0 does. */
  private place(instruction: Instruction, index: number): string {
    const [w, a, path, part] = instruction.operands;
    const slow = this.slow(instruction, index);
    const value = { register: Number(part), text: this.moved(index, Number(part)) };
    const entry = w === a ? setEntryText(this, index, Number(a), path, value, slow) : null;
    if (entry !== null) return entry;
    const found = slotPath(this.cell, Number(a), registersOf(path), {
      rep: (r) => this.rep(r),
      raw: (r) => this.raw(r),
      bind: (name, value) => this.bind(name, value),
    });
    const b = Number(part);
    const isNumber = found?.floats === "all";
    if (w !== a || found === null || (isNumber && this.rep(b) !== "float")) return slow;
    const last = required(found.steps.at(-1), "a path has a step");
    const tests = [`!r${w}.shared`];
    let holder = `r${w}`;
    found.steps.slice(0, -1).forEach((step, i) => {
      tests.push(`(x${i} = ${holder}${step}) !== undefined`, `!x${i}.shared`);
      holder = `x${i}`;
    });
    tests.push(`${holder}${last} !== undefined`);
    if (isNumber) tests.push(found.takesNumbers(holder));
    if (found.floats === "some") tests.push(`!(${found.takesNumbers(holder)})`);
    const parts = found.steps.map((_, i) => `x${i}`).join(", ");
    const box = isNumber ? "0" : boxText(this, b);
    const inPlace = `${this.charge(index, box)}${holder}${last} = y;\n`;
    const text = `if (${tests.join(" && ")}) {\n${inPlace}} else {\n${slow}}\n`;
    return `{ const y = ${isNumber ? this.raw(b) : this.moved(index, b)}; let ${parts};\n${text}}\n`;
  }

  /** Before a call: what it compares with the fuel has all cycles; where it does not, no matter. */
  private handOver(): string {
    return this.options.tier === "fast" ? "" : HAND_OVER;
  }

  /** Arguments as the callee's code takes them, `pass` being what becomes of values. */
  private arguments(
    { module, lir }: LinkedCell,
    registers: readonly number[],
    pass: (register: number) => string,
  ): readonly string[] {
    return registers.map((r, i) => {
      const param = repOf(module.lir, required(lir.registers[i], "a parameter"));
      return param === "float" ? this.raw(r) : pass(r);
    });
  }

  /** In tail position: registers die here, so that what stands once stays nobody else's. */
  private lastArguments(callee: LinkedCell, registers: readonly number[]): readonly string[] {
    const repeats = new Set(registers).size < registers.length;
    return this.arguments(callee, registers, (r) => (repeats ? this.shared(r) : this.boxed(r)));
  }

  /** The call as an expression, a raw result of the callee's representation. */
  private callText(callee: LinkedCell, number: number, given: readonly string[]): string {
    const args = [...given, `d - ${1 + (callee.lir.registers.length >> 5)}`].join(", ");
    if (callee === this.cell && this.options.isWhole) return `self(${args})`;
    return `${this.bind(`c${number}`, callee)}.${this.options.tier}.run(${args})`;
  }

  private call({ operands }: Instruction, index: number): string {
    const [w = 0, number = 0] = operands.map(Number);
    const callee = this.callee(number);
    if (!this.options.canCall(callee)) return this.exit(index);
    const given = this.arguments(callee, registersOf(operands[2]), (r) => this.moved(index, r));
    const text = this.callText(callee, number, given);
    const isFloat = repOf(callee.module.lir, callee.lir.result) === "float";
    const value = isFloat && this.rep(w) !== "float" ? "new H.Float(t)" : "t";
    return `${this.unlessOutside(callee, index)}${this.handOver()}t = ${text}; ${this.unless(index, "t")}r${w} = ${value};\n`;
  }

  /** Leaves the function where the machine has tiles run outside; in a tile it never does. */
  private unlessOutside(callee: LinkedCell, index: number): string {
    if (!callee.isTile || this.cell.isTile) return "";
    return `if (X.suspendTiles) { ${this.exit(index)}}\n`;
  }

  private callee(number: number): LinkedCell {
    return required(this.cell.module.callees[number], "the callee is linked");
  }

  private callClosure({ operands }: Instruction, index: number): string {
    const [w = 0, f = 0] = operands.map(Number);
    const args = registersOf(operands[2]).map((r) => this.boxed(r));
    const text = `H.callClosure(own, "${this.options.tier}", ${w}, ${this.raw(f)}, [${args.join(", ")}], d - 1)`;
    return `${this.handOver()}t = ${text}; ${this.unless(index, "t")}${this.put(w, "t")}`;
  }

  private callBuiltin(instruction: Instruction, index: number): string {
    if (!isSupported(instruction)) return this.exit(index);
    const { operands } = instruction;
    const [w = 0, number = 0] = operands.map(Number);
    const registers = registersOf(operands[2]);
    const direct = this.direct(builtinNamed(number), index, w, registers);
    if (direct !== null) return direct;
    const native = (): string => this.native(number, index, w, registers);
    const found =
      builtinNamed(number) === "get" ? getIntText(this, index, w, registers, native) : null;
    return found ?? native();
  }

  /** A builtin by its function. */
  private native(number: number, index: number, w: number, registers: readonly number[]): string {
    const name = this.bind(`n${number}`, NATIVES_BY_NUMBER[number]);
    const flags = this.builtinFlags(index);
    const args = registers.map((r, i) =>
      i === 0 && (flags & SHARE_FIRST) !== 0 ? this.shared(r) : this.boxed(r),
    );
    let text = `a = [${args.join(", ")}]; t = H.native(${name}, a); ${this.unless(index, "t")}`;
    text += this.charge(index, "H.resultBytes(t, a)");
    if ((flags & TO_FLOAT) !== 0) text += `r${w} = typeof t === "object" ? t.value : Number(t);\n`;
    else if ((flags & TO_INT) !== 0)
      text += `t = H.intOf(t); ${this.unless(index, "t")}r${w} = t;\n`;
    else text += this.put(w, "t");
    return text;
  }

  private builtinFlags(index: number): number {
    return wordsOf(this.cell, index)[4] ?? 0;
  }

  /** Builtins that are an expression where the operands are of the right kind. */
  private direct(
    name: BuiltinName,
    index: number,
    w: number,
    registers: readonly number[],
  ): string | null {
    const [a = 0] = registers;
    const rep = registers.length === 1 ? this.rep(a) : null;
    if (name === "sqrt" && rep === "float" && this.rep(w) === "float")
      return `${this.charge(index, String(BOX_BYTES))}r${w} = Math.sqrt(${this.raw(a)});\n`;
    if (name === "to_float" && rep === "int") {
      const text = this.isNumber(a) ? this.raw(a) : `Number(${this.raw(a)})`;
      const value = this.rep(w) === "float" ? text : `new H.Float(${text})`;
      return `${this.charge(index, String(BOX_BYTES))}r${w} = ${value};\n`;
    }
    return null;
  }

  /** An operation of the interpreter's table, its operands in an array. */
  slow(instruction: Instruction, index: number): string {
    const number = OPCODES[instruction.op].number;
    const operation = this.bind(`s${number}`, SLOW_OPERATIONS[number]);
    const { words, registers } = remapped(this.cell, index);
    const w = Number(instruction.operands[0]);
    // The target is only written, unless it is an operand too.
    const place = registers.indexOf(w);
    const isRead = words.indexOf(place, 3) > 0 || words.includes(place + GIVEN);
    const isOperand = (r: number): boolean => r !== w || isRead;
    const operands = registers.map((r) => (isOperand(r) ? this.boxed(r) : "null")).join(", ");
    const module = this.bind("module", this.cell.module);
    const text = `H.slow(${operation}, ${this.bind(`w${index}`, words)}, [${operands}], ${module})`;
    return `t = ${text}; ${this.unless(index, "t")}${this.put(w, "t")}`;
  }

  /** How a block ends; `next` is the block behind it. */
  end(
    instruction: Instruction,
    index: number,
    next: number,
  ): BlockEnd & { readonly body?: string } {
    const { op, operands } = instruction;
    const [a = 0, b = 0] = operands.map((x) => (typeof x === "number" ? x : 0));
    switch (op) {
      case "jump":
        return { kind: "jump", to: a, before: "" };
      case "jump_if":
        return { kind: "choose", condition: this.raw(a), yes: b, no: next };
      case "jump_unless":
        return { kind: "choose", condition: this.raw(a), yes: next, no: b };
      case "switch":
        return { kind: "switch", value: this.raw(a), targets: registersOf(operands[1]) };
      case "return":
        return {
          kind: "leave",
          text: `${this.giveBack()}X.cycles += q;\nreturn ${this.result(a)};\n`,
        };
      case "fault":
        return {
          kind: "leave",
          text: `H.trap("${TRAP_CODES[a]}", ${this.raw(b)}); ${this.leave(index)}`,
        };
      case "tail_call":
        return this.tailCall(instruction, index);
      case "iter_next":
        return {
          kind: "choose",
          condition: "t",
          yes: next,
          no: Number(operands[2]),
          body: this.nextItem(instruction, index),
        };
      default:
        return { kind: "jump", to: next, before: "" };
    }
  }

  /** The memory of the frame, which is left. No block that leaves its cell is part of a loop. */
  private giveBack(): string {
    return `M.budgetBytes += ${frameBytes(this.cell.lir.registers.length)};\n`;
  }

  private result(register: number): string {
    const rep = repOf(this.cell.module.lir, this.cell.lir.result);
    return rep === "float" ? this.raw(register) : this.boxed(register);
  }

  private nextItem({ operands }: Instruction, index: number): string {
    const [w = 0, a = 0] = operands.map(Number);
    return (
      `{ const s = ${this.raw(a)}.target;\n` +
      `if (s.at < s.items.length) { t = s.items[s.at]; ` +
      `${this.fromSlot(index, w, null, "s.items.floats")}s.at += 1; t = true; }\n` +
      `else if (s.live) { ${this.exit(index)}}\nelse t = false; }\n`
    );
  }

  /** The cell itself again: a jump. Another one: its frame takes the place of this one's. */
  private tailCall({ operands }: Instruction, index: number): BlockEnd {
    const number = Number(operands[0]);
    const callee = this.callee(number);
    const registers = registersOf(operands[1]);
    if (!this.options.canCall(callee)) return { kind: "leave", text: this.exit(index) };
    const values = this.lastArguments(callee, registers);
    if (callee !== this.cell) {
      const text = this.callText(callee, number, values);
      const same =
        repOf(callee.module.lir, callee.lir.result) ===
        repOf(this.cell.module.lir, this.cell.lir.result);
      if (!same) return { kind: "leave", text: this.exit(index) };
      // Where the callee has a frame, that one takes the place of this one's.
      const undone = `${this.giveBack().replace("+=", "-=")}${this.leave(index)}`;
      const left = `if (t === undefined && X.left.length === 0) { ${undone}}\n`;
      const outside = this.unlessOutside(callee, index);
      const call = `${outside}${HAND_OVER}${this.giveBack()}t = ${text}; `;
      return { kind: "leave", text: `${call}${left}return t;\n` };
    }
    const temps = values.map((value, i) => `const a${i} = ${value};\n`).join("");
    const moves = values.map((_, i) => `r${i} = a${i};\n`).join("");
    return { kind: "jump", to: 0, before: `{ ${temps}${moves}}\n` };
  }
}
