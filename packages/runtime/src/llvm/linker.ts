// Object code in this process: OrcJIT gives it a place, and takes it away again.

import { assert } from "@lumen/core/result";
import type { Address } from "./ffi.ts";
import type { LlvmLibrary } from "./library.ts";

/** Code that has a place. */
export interface LinkedObject {
  /** Of a symbol of the object. */
  readonly addressOf: (symbol: string) => Address;
  /** Frees the place: nobody may call the code any more. */
  readonly remove: () => void;
}

/** A program that grows by objects, whose symbols differ. */
export class ObjectLinker {
  private readonly llvm: LlvmLibrary;
  private readonly jit: Address;
  private readonly symbols: Address;

  constructor(llvm: LlvmLibrary) {
    this.llvm = llvm;
    const jit: [unknown] = [null];
    this.jit = llvm.made("LLVMOrcCreateLLJIT", jit, jit, null);
    this.symbols = llvm.address("LLVMOrcLLJITGetMainJITDylib", this.jit);
  }

  /** Adds an object; it is linked when its first symbol is asked for. */
  add(object: Uint8Array): LinkedObject {
    const { llvm } = this;
    const tracker = llvm.address("LLVMOrcJITDylibCreateResourceTracker", this.symbols);
    const buffer = llvm.address(
      "LLVMCreateMemoryBufferWithMemoryRangeCopy",
      object,
      object.length,
      "lumen",
    );
    // The buffer belongs to the program from here on.
    llvm.succeed("LLVMOrcLLJITAddObjectFileWithRT", this.jit, tracker, buffer);
    return {
      addressOf: (symbol) => this.addressOf(symbol),
      remove: () => {
        llvm.succeed("LLVMOrcResourceTrackerRemove", tracker);
        llvm.call("LLVMOrcReleaseResourceTracker", tracker);
      },
    };
  }

  private addressOf(symbol: string): Address {
    const found: [unknown] = [0];
    this.llvm.succeed("LLVMOrcLLJITLookup", this.jit, found, symbol);
    const [address] = found;
    assert(typeof address === "bigint" || typeof address === "number", "the symbol has a place");
    return BigInt(address);
  }
}
