// The text of one function of LLVM IR while it is written: the stack of WebAssembly as names of
// values, its locals as places that the optimiser lifts into registers, its blocks as labels.

import { assert, required } from "@lumen/core/result";
import type { ValType } from "@lumen/vm/numeric";

/** The types of LLVM. */
export const TYPES: Readonly<Record<ValType, string>> = { i32: "i32", i64: "i64", f64: "double" };

/** A zero of each type. */
export const ZEROS: Readonly<Record<ValType, string>> = {
  i32: "0",
  i64: "0",
  f64: "0x0000000000000000",
};

/** The global that says that something has trapped. */
export const TRAPPED = "@trapped";

/** How likely the first of two ways is, as it stands at branches, and what that is. */
const [UNLIKELY, LIKELY] = ["!0", "!1"];

/** What stands for how likely ways are. */
export const WEIGHTS: readonly string[] = [
  `${UNLIKELY} = !{!"branch_weights", i32 1, i32 1048575}`,
  `${LIKELY} = !{!"branch_weights", i32 1048575, i32 1}`,
];

/** Something on the stack: a name or a constant. */
export interface Operand {
  readonly type: ValType;
  readonly text: string;
  /** A constant, or what a global holds. */
  readonly isFixed: boolean;
}

/** A block that is open. */
interface Open {
  readonly what: "block" | "loop" | "if";
  readonly result: ValType | null;
  /** Where what it gives is kept until its end. */
  readonly place: string | null;
  /** The label of its head or end: where a branch goes. */
  readonly target: string;
  readonly end: string;
  /** Where the condition does not hold; null: there was an `else`, or it is no condition. */
  otherwise: string | null;
  readonly height: number;
  /** The line that asks the condition. */
  readonly asked: number;
  /** Whether something goes to the end. */
  isReached: boolean;
}

/** Text of a function. */
export class FunctionWriter {
  private readonly lines: string[] = [];
  private readonly head: string[] = [];
  private readonly stack: Operand[] = [];
  private readonly open: Open[] = [];
  private names = 0;
  /** Whether control comes here. */
  isLive = true;
  private traps = false;
  private passesTraps = false;
  readonly result: ValType | null;

  constructor(result: ValType | null) {
    this.result = result;
  }

  /** A line of code. */
  line(text: string): void {
    this.lines.push(`  ${text}`);
  }

  /** A new name for the value of a line. */
  value(text: string): string {
    const name = this.fresh("v");
    this.line(`${name} = ${text}`);
    return name;
  }

  /** A place for a value, 0 at first. */
  place(name: string, { type, text }: Pick<Operand, "type" | "text">): void {
    this.head.push(`  ${name} = alloca ${TYPES[type]}`);
    this.head.push(`  store ${TYPES[type]} ${text}, ptr ${name}`);
  }

  push(type: ValType, text: string, isFixed = false): void {
    this.stack.push({ type, text, isFixed });
  }

  /** Pushes the value of a line. */
  give(type: ValType, text: string): void {
    this.push(type, this.value(text));
  }

  /** Pushes the i32 that a comparison is. */
  giveTruth(text: string): void {
    const bit = this.value(text);
    this.give("i32", `zext i1 ${bit} to i32`);
  }

  pop(type: ValType): string {
    const top = this.popAny();
    assert(top.type === type, "the operand has the type of the instruction");
    return top.text;
  }

  popAny(): Operand {
    const floor = this.open.at(-1)?.height ?? 0;
    assert(this.stack.length > floor, "the operand is on the stack");
    return required(this.stack.pop(), "the operand is on the stack");
  }

  /** Whether the i32 on the stack is not 0. */
  popTruth(): string {
    return this.value(`icmp ne i32 ${this.pop("i32")}, 0`);
  }

  label(name: string): void {
    this.lines.push(`${name}:`);
    this.isLive = true;
  }

  /** A new label, without its sign. */
  freshLabel(): string {
    return this.fresh("b").slice(1);
  }

  /** Ends what can be reached here. */
  stop(text: string): void {
    this.line(text);
    this.isLive = false;
  }

  /** Leaves the function by a trap where the condition holds, which is unlikely. */
  trapWhere(condition: string): void {
    this.traps = true;
    const next = this.freshLabel();
    this.line(`br i1 ${condition}, label %trap, label %${next}, !prof ${UNLIKELY}`);
    this.label(next);
  }

  /** Leaves the function by a trap. */
  trap(): void {
    this.traps = true;
    this.stop("br label %trap");
  }

  /**
   * Leaves the function where what was called did so. Where nothing in the module traps once it is
   * optimised, nothing of this is left either: nobody writes what it asks for.
   */
  passTrap(): void {
    const trapped = this.value(`load i32, ptr ${TRAPPED}`);
    this.passesTraps = true;
    const next = this.freshLabel();
    const condition = this.value(`icmp ne i32 ${trapped}, 0`);
    this.line(`br i1 ${condition}, label %trapped, label %${next}, !prof ${UNLIKELY}`);
    this.label(next);
  }

  openBlock(what: Open["what"], result: ValType | null): void {
    const isEntered = this.isLive;
    const place = result === null || !isEntered ? null : this.fresh("r");
    if (place !== null && result !== null) this.place(place, { type: result, text: ZEROS[result] });
    const [start, end] = [this.freshLabel(), this.freshLabel()];
    const condition = what === "if" && isEntered ? this.popTruth() : null;
    const otherwise = condition === null ? null : this.freshLabel();
    const target = what === "loop" ? start : end;
    const height = this.stack.length;
    const asked = this.lines.length;
    this.open.push({
      what,
      result,
      place,
      target,
      end,
      otherwise,
      height,
      asked,
      isReached: false,
    });
    if (!isEntered) return;
    if (condition !== null) this.line(`br i1 ${condition}, label %${start}, label %${otherwise}`);
    else this.line(`br label %${start}`);
    this.label(start);
  }

  otherwise(): void {
    const block = required(this.open.at(-1), "a condition is open");
    this.fallTo(block);
    if (block.otherwise === null) return;
    this.label(block.otherwise);
    block.otherwise = null;
  }

  /** Ends a block, or the function. */
  close(): void {
    const block = this.open.at(-1);
    if (block === undefined) {
      if (this.isLive) this.giveBack();
      return;
    }
    this.fallTo(block);
    if (block.otherwise !== null) {
      assert(block.result === null, "a condition without else gives nothing");
      this.label(block.otherwise);
      this.goTo(block);
    }
    this.open.pop();
    if (!block.isReached) return;
    this.label(block.end);
    if (block.place !== null && block.result !== null)
      this.give(block.result, `load ${TYPES[block.result]}, ptr ${block.place}`);
  }

  /** What stands at the end of a block goes on behind it. */
  private fallTo(block: Open): void {
    if (this.isLive) {
      if (block.result !== null) this.keep(block, this.pop(block.result));
      this.goTo(block);
    }
    this.stack.length = block.height;
  }

  private goTo(block: Open): void {
    block.isReached = true;
    this.stop(`br label %${block.end}`);
  }

  private keep({ result, place }: Open, text: string): void {
    if (result === null) return;
    this.line(`store ${TYPES[result]} ${text}, ptr ${required(place, "the result has a place")}`);
  }

  /**
   * The label of a branch so many blocks outward; what the block gives is kept. It may still be
   * that the branch is not taken.
   */
  branchLabel(outward: number): string {
    const block = required(this.open[this.open.length - 1 - outward], "the block is open");
    if (block.what === "loop") return block.target;
    if (block === this.open[0] && block.result !== null) this.expectRarely();
    if (block.result !== null) this.keep(block, this.peek(block.result));
    block.isReached = true;
    return block.target;
  }

  /** A way to the end of a function that gives why it was left: what leads here is unlikely. */
  private expectRarely(): void {
    const condition = this.open.findLast(({ what }) => what === "if");
    if (condition === undefined) return;
    const weights = condition.otherwise === null ? LIKELY : UNLIKELY;
    const line = required(this.lines[condition.asked], "the condition is asked");
    if (!line.includes("!prof")) this.lines[condition.asked] = `${line}, !prof ${weights}`;
  }

  private peek(type: ValType): string {
    const top = required(this.stack.at(-1), "the operand is on the stack");
    assert(top.type === type, "the operand has the type of the block");
    return top.text;
  }

  /** Returns what is on the stack. */
  giveBack(): void {
    const { result } = this;
    this.stop(result === null ? "ret void" : `ret ${TYPES[result]} ${this.pop(result)}`);
  }

  /** All of it: the places first. */
  text(): readonly string[] {
    assert(this.open.length === 0 && !this.isLive, "the function has ended");
    const { result } = this;
    const nothing = result === null ? "ret void" : `ret ${TYPES[result]} ${ZEROS[result]}`;
    const trap = ["trap:", `  store i32 1, ptr ${TRAPPED}`, `  ${nothing}`];
    const passed = ["trapped:", `  ${nothing}`];
    return [
      ...this.head,
      ...this.lines,
      ...(this.traps ? trap : []),
      ...(this.passesTraps ? passed : []),
    ];
  }

  private fresh(prefix: string): string {
    this.names += 1;
    return `%${prefix}${this.names}`;
  }
}
