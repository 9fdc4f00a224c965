// What the codecs of values share on the way out: the bytes, the nesting, and the path for errors.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { displayNested } from "../value/display.ts";
import { typeName } from "../value/kind.ts";
import { Float, type MapEntry, type Value } from "../value/value.ts";
import { keyStep, ROOT_PATH } from "./value-path.ts";
import { ZERO_SIZE_COUNT_MAX } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** Nesting of values within each other (formats 4.2 rule 6). */
export const VALUE_DEPTH_MAX: number = 128;
/** Longest text of a scalar within a message. */
const SHOWN_MAX = 40;

/** Raised while encoding, caught by `encodeValue`. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
  readonly failure: Failure;
  constructor(failed: Failure) {
    super(failed.message);
    this.failure = failed;
  }
}

/** A writer that knows where in the value it is. */
export class ValueWriter extends WireWriter {
  /** Containers open now; a container sets the step to the part it writes next. */
  private depth = 0;
  /** An index, the text of a step, or the entry of a map; null stands for no step. */
  private readonly steps: (number | string | MapEntry | null)[] = [null];
  private zeroSizeCount = 0;

  /** Opens a container. */
  enter(): void {
    if (this.depth >= VALUE_DEPTH_MAX) this.fail(`values nest deeper than ${VALUE_DEPTH_MAX}`);
    this.depth += 1;
    this.steps[this.depth] = null;
  }

  /** Names the part of the open container that is written next. */
  step(to: number | string | MapEntry | null): void {
    this.steps[this.depth] = to;
  }

  /** Closes a container. */
  leave(): void {
    this.depth -= 1;
  }

  /** Counts items that have no bytes, of which one value may hold 2^20. */
  addZeroSize(count: number): void {
    this.zeroSizeCount += count;
    if (this.zeroSizeCount > ZERO_SIZE_COUNT_MAX) this.fail("too many items without bytes");
  }

  /** Refuses a value that is not of its type. */
  mismatch(expected: string, value: Value): never {
    return this.fail(`expected ${expected}, found ${describe(value)}`, {
      expected,
      found: describe(value),
    });
  }

  /** Refuses the value at this place. */
  fail(message: string, details: { readonly [key: string]: string } = {}): never {
    const path = this.path();
    throw new EncodeError(
      failure("E_ENCODE", "execute", `Failed to serialize output: ${path}: ${message}`, {
        path,
        details,
      }),
    );
  }

  private path(): string {
    const steps = this.steps.slice(1, this.depth + 1).map((step) => {
      if (step === null) return "";
      if (typeof step === "number") return `[${step}]`;
      return typeof step === "string" ? step : keyStep(step.key);
    });
    return ROOT_PATH + steps.join("");
  }
}

function describe(value: Value): string {
  const name = typeName(value);
  const isScalar = typeof value !== "object" || value instanceof Float;
  if (value === null || !isScalar) return name;
  const text = displayNested(value);
  return `${name} ${text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text}`;
}
