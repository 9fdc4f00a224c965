// JavaScript for the instructions of LIR (tier T1): the text of one instruction after the other;
// control is put around it by `structure.ts`. What the text means is what the interpreter does.
//
// Names in the text: rN registers, pN what is known about the text in one, kN constants, cN
// callees, nN natives and gN what calls them, sN slow operations and zN what calls them with words
// wN, H helpers, X the context, M its memory; N notes the frame, E the same for the interpreter to
// go on, C for it to count memory that is short; `q` cycles that are not yet in the context, `d`
// calls that may still nest, `t`, `u` and `a` temporaries.

import {
  type Instruction,
  type LirType,
  OPCODES,
  type OpcodeName,
  TRAP_CODES,
} from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { Float } from "@lumen/core/value";
import { SLOW_OPERATIONS } from "../interpreter/slow-operations.ts";
import { blockStarts } from "../link/blocks.ts";
import { GIVEN } from "../link/compile-cell.ts";
import { target } from "../link/liveness.ts";
import { isKept, type Ownership, ownershipOf } from "../link/ownership.ts";
import type { LinkedCell } from "../link/program.ts";
import { ITEM_BYTES } from "../memory.ts";
import { builtinText } from "./builtin-text.ts";
import { callText, closureCallText, tailCallText } from "./call-text.ts";
import { castText } from "./cast-text.ts";
import { constructText, payloadText } from "./construct-text.ts";
import { literals, numberRegisters } from "./facts.ts";
import { RESERVE_BYTES, type Tier } from "./fast.ts";
import {
  INT_SUMS,
  isSupported,
  liveBefore,
  OPERATORS,
  registersOf,
  remapped,
} from "./instructions.ts";
import {
  bitwise,
  intSum,
  negated,
  quotient,
  remainder,
  shifted,
  truncated,
  typeTests,
} from "./int-text.ts";
import { type KnownTypes, knownTypes } from "./known-types.ts";
import { literalText } from "./literal-text.ts";
import { mapGetText, setEntryText } from "./map-text.ts";
import { type ModularProduct, modularProducts } from "./modular.ts";
import { type Rep, repOf, repsOf } from "./reps.ts";
import { fieldText, floatItems, floatsIn, slotPath } from "./slot-types.ts";
import {
  concatText,
  displayText,
  TextSources,
  textIndexText,
  textOrderText,
} from "./string-text.ts";
import type { BlockEnd } from "./structure.ts";
import { boxesText, boxText, isContainer } from "./weights.ts";

/** What is compiled. */
export interface EmitOptions {
  readonly tier: Tier;
  /** Cells that have, or will have, code of the tier. */
  readonly canCall: (cell: LinkedCell) => boolean;
  /** The cell from its beginning, not from a loop inside. */
  readonly isWhole: boolean;
}

/** Functions of ours that may throw: natives, and operations of the interpreter. */
const CALLERS = {
  g: { bound: "n", params: "a", args: "a, X.memory" },
  z: { bound: "s", params: "words, registers", args: "words, 0, registers, module, X.memory" },
} as const;

/** Texts of their own; null where the operands are for the interpreter's operation. */
const TEXTS: Readonly<
  Partial<Record<OpcodeName, (x: Emitter, at: Instruction, index: number) => string | null>>
> = {
  cast: castText,
  div_int: truncated,
  neg_int: negated,
  shl_int: shifted,
  shr_int: shifted,
  index: textIndexText,
  lt_string: textOrderText,
  le_string: textOrderText,
  concat: concatText,
  display: displayText,
  record_new: constructText,
  variant_new: constructText,
  tuple_new: constructText,
  list_new: constructText,
  call: callText,
  call_closure: closureCallText,
  call_builtin: builtinText,
};

/** What the emitter knows about the cell whose code it writes. */
export class Emitter {
  readonly cell: LinkedCell;
  readonly reps: readonly Rep[];
  /** Values that the text refers to by name, beside helpers and context. */
  readonly bindings: Map<string, unknown> = new Map();
  /** Constants that the text begins with, as JavaScript. */
  readonly definitions: Map<string, string> = new Map();
  readonly literals: ReadonlyMap<number, string>;
  private readonly numbers: ReadonlySet<number>;
  readonly options: EmitOptions;
  /** Registers that are still read, by instruction. */
  readonly live: readonly (readonly number[])[];
  private readonly products: ReadonlyMap<number, ModularProduct>;
  private readonly ownership: Ownership;
  private readonly types: KnownTypes;
  /** Texts about which it is noted whether indices are offsets. */
  readonly texts: TextSources;

  constructor(cell: LinkedCell, options: EmitOptions) {
    this.cell = cell;
    this.options = options;
    this.reps = repsOf(cell.module.lir, cell.lir);
    this.live = liveBefore(cell.lir);
    this.ownership = ownershipOf(cell);
    this.literals = literals(cell, this.reps);
    this.numbers = numberRegisters(cell, this.reps);
    this.types = knownTypes(cell);
    this.texts = new TextSources(cell, this.types);
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
    if (this.rep(register) !== "value") return this.boxed(register);
    const raw = this.raw(register);
    return isContainer(this, register) ? `(${raw}.note |= 1, ${raw})` : `H.share(${raw})`;
  }

  /** The same, unless the instruction gives it away. */
  moved(index: number, register: number): string {
    const isOwn = this.isGiven(index, register) || this.ownership.peeks.has(index);
    return isOwn ? this.boxed(register) : this.shared(register);
  }

  private movedRaw(index: number, register: number): string {
    return this.rep(register) === "value" ? this.moved(index, register) : this.raw(register);
  }

  /** The type of what a register holds; null where nothing is known, or it was not written. */
  known(register: number): LirType | null {
    return this.types[register] ?? null;
  }

  /** What is to be forgotten where a register is written. */
  forgotten(register: number): string {
    return this.texts.noted.has(register) ? `p${register} = 0;\n` : "";
  }

  rep(register: number): Rep {
    return required(this.reps[register], "the register exists");
  }

  /** Assigns what `text`, a value of the interpreter, is to a register. */
  put(register: number, text: string): string {
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
    return `return N(${this.noted(at)});\n`;
  }

  /** Leaves the function so that the interpreter goes on at an instruction. */
  exit(at: number): string {
    return `return E(${this.noted(at)});\n`;
  }

  private noted(at: number): string {
    const live = this.liveAt(at < 0 ? ~at : at).map((r) => this.raw(r));
    return [at, "q", ...live].join(", ");
  }

  /** Leaves the function where what it called has failed, or was left. */
  unless(index: number, value: string): string {
    return `if (${value} === undefined) ${this.leave(index)}`;
  }

  /** Counts memory that the instruction takes; the interpreter does it again where it ran out. */
  charge(index: number, bytes: string): string {
    if (bytes === "0") return "";
    const isFixed = /^\d+$/.test(bytes);
    const [u, before] = isFixed ? [bytes, ""] : ["u", `u = ${bytes};\n`];
    const short = `return C(${u}, ${this.noted(index)});`;
    return `${before}if ((M.budgetBytes -= ${u}) < ${RESERVE_BYTES}) ${short}\n`;
  }

  /** Leaves the function where less memory than that can be counted. */
  room(index: number, bytes: number): string {
    return `if (M.budgetBytes < ${RESERVE_BYTES + bytes}) ${this.exit(index)}`;
  }

  /**
   * A function that calls one of ours, and notes what it throws. Each has a text of its own, so
   * that engines see what it calls.
   */
  caller(kind: keyof typeof CALLERS, number: number, callee: unknown): string {
    const { bound, params, args } = CALLERS[kind];
    const name = this.bind(`${bound}${number}`, callee);
    const failed = "X.reason = error; return undefined;";
    const body = `try { return ${name}(${args}); } catch (error) { ${failed} }`;
    this.definitions.set(`${kind}${number}`, `(${params}) => { ${body} }`);
    return `${kind}${number}`;
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
    const w = target(instruction);
    const forgotten = w === null ? "" : this.forgotten(w);
    return isInside ? "" : this.single(instruction, index) + forgotten;
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
        return `r${w} = ${A}.${op === "variant_tag" ? "variant.tag" : "length"};\n`;
      case "list_get":
        return this.item(index, w, a, B);
      case "list_append":
        return this.append(index, w, a, b);
      case "tuple_get":
        return this.part(index, w, a, `${A}.items[${b}]`);
      case "field_get":
        return `t = ${A}${fieldText(b)};\n${this.fromSlot(index, w, a, `${A}.shape.floats?.[${b}]`)}`;
      case "payload_get":
        return this.part(index, w, a, `${A}.${payloadText(b)}`);
      case "map_get":
        return this.mapGet(instruction, index);
      case "place_set":
        return this.place(instruction, index);
      default:
        if (!isSupported(instruction)) return this.exit(index);
        return TEXTS[op]?.(this, instruction, index) ?? this.slow(instruction, index);
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
  isGiven(index: number, register: number): boolean {
    return isKept(this.ownership, index, register);
  }

  /** What the container in a register holds, into another; shared where more than that has it. */
  private part(index: number, w: number, a: number, text: string): string {
    if (this.rep(w) !== "value" || this.ownership.peeks.has(index)) return this.put(w, text);
    if (!this.ownership.takes.has(index)) return this.read(w, text);
    const marked = isContainer(this, w) ? "t.note |= 1" : "H.share(t)";
    return `t = ${text};\nif (${this.raw(a)}.note & 1) ${marked};\nr${w} = t;\n`;
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
    if (this.rep(w) !== "value") return this.put(w, text);
    if (isContainer(this, w)) return `r${w} = ${text};\nr${w}.note |= 1;\n`;
    return `r${w} = H.share(${text});\n`;
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
    const test = `${A}.note & 1 || ${A}.length >= H.ITEMS_MAX${other}`;
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
    const tests = [`(r${w}.note & 1) === 0`];
    let holder = `r${w}`;
    found.steps.slice(0, -1).forEach((step, i) => {
      tests.push(`(x${i} = ${holder}${step}) !== undefined`, `(x${i}.note & 1) === 0`);
      holder = `x${i}`;
    });
    if (isNumber) tests.push(found.takesNumbers(holder));
    if (!found.isField) tests.push(`${holder}${last} !== undefined`);
    if (found.floats === "some") tests.push(`!(${found.takesNumbers(holder)})`);
    const parts = found.steps.map((_, i) => `x${i}`).join(", ");
    const box = isNumber ? "0" : boxText(this, b);
    const inPlace = `${this.charge(index, box)}${holder}${last} = y;\n`;
    const text = `if (${tests.join(" && ")}) {\n${inPlace}} else {\n${slow}}\n`;
    return `{ const y = ${isNumber ? this.raw(b) : this.moved(index, b)}; let ${parts};\n${text}}\n`;
  }

  /** An operation of the interpreter's table, its operands in an array. */
  slow(instruction: Instruction, index: number): string {
    const number = OPCODES[instruction.op].number;
    const call = this.caller("z", number, SLOW_OPERATIONS[number]);
    const { words, registers } = remapped(this.cell, index);
    const w = Number(instruction.operands[0]);
    // The target is only written, unless it is an operand too.
    const place = registers.indexOf(w);
    const isRead = words.indexOf(place, 3) > 0 || words.includes(place + GIVEN);
    const isOperand = (r: number): boolean => r !== w || isRead;
    const operands = registers.map((r) => (isOperand(r) ? this.boxed(r) : "null")).join(", ");
    this.bind("module", this.cell.module);
    const text = `${call}(${this.bind(`w${index}`, words)}, [${operands}])`;
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
          text: `X.cycles += q;\nreturn ${this.result(a)};\n`,
        };
      case "fault":
        return {
          kind: "leave",
          text: `H.trap("${TRAP_CODES[a]}", ${this.raw(b)}); ${this.leave(index)}`,
        };
      case "tail_call":
        return tailCallText(this, instruction, index);
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

  private result(register: number): string {
    const rep = repOf(this.cell.module.lir, this.cell.lir.result);
    return rep === "float" ? this.raw(register) : this.boxed(register);
  }

  private nextItem({ operands }: Instruction, index: number): string {
    const [w = 0, a = 0] = operands.map(Number);
    return (
      `{ const s = ${this.raw(a)}.target;\n` +
      `if (s.at < s.items.length) { t = s.items[s.at]; ` +
      `${this.fromSlot(index, w, null, "s.items.floats")}${this.forgotten(w)}` +
      "s.at += 1; t = true; }\n" +
      `else if (s.live) { ${this.exit(index)}}\nelse t = false; }\n`
    );
  }
}
