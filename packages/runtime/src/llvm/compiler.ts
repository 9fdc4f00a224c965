// From text of LLVM IR to object code of this host: parsed, optimised, written. The same text gives
// the same bytes on the same processor by the same version of the library.

import { assert } from "@lumen/core/result";
import type { Address, Ffi } from "./ffi.ts";
import type { LlvmLibrary } from "./library.ts";

/** The passes of `-O2`, as they are named to the library. */
const PASSES = "default<O2>";
/** `-O2` of the code generator; code that may stand anywhere; the usual code model; an object. */
const [CODE_LEVEL, POSITION_INDEPENDENT, CODE_MODEL, OBJECT_FILE] = [2, 2, 0, 1];

/** Makes object code. */
export class ObjectCompiler {
  private readonly ffi: Ffi;
  private readonly llvm: LlvmLibrary;
  private readonly triple: string;
  private readonly processor: readonly [name: string, features: string];
  private readonly machine: Address;

  constructor(ffi: Ffi, llvm: LlvmLibrary) {
    this.ffi = ffi;
    this.llvm = llvm;
    this.triple = llvm.text("LLVMGetDefaultTargetTriple");
    this.processor = [llvm.text("LLVMGetHostCPUName"), llvm.text("LLVMGetHostCPUFeatures")];
    const target: [unknown] = [null];
    const status = llvm.call("LLVMGetTargetFromTriple", this.triple, target, [null]);
    assert(status === 0, "the library knows its host");
    this.machine = llvm.address(
      "LLVMCreateTargetMachine",
      target[0],
      this.triple,
      ...this.processor,
      CODE_LEVEL,
      POSITION_INDEPENDENT,
      CODE_MODEL,
    );
  }

  /** All that decides, besides the text, which code comes out. */
  get target(): string {
    return [this.llvm.version, PASSES, CODE_LEVEL, this.triple, ...this.processor].join("\n");
  }

  /** The object code of a text, which is right. */
  compile(text: string): Uint8Array {
    const { llvm } = this;
    const context = llvm.address("LLVMContextCreate");
    const module = this.parsed(context, text);
    llvm.call("LLVMSetTarget", module, this.triple);
    const layout = llvm.address("LLVMCreateTargetDataLayout", this.machine);
    llvm.call("LLVMSetModuleDataLayout", module, layout);
    llvm.call("LLVMDisposeTargetData", layout);
    const options = llvm.address("LLVMCreatePassBuilderOptions");
    llvm.succeed("LLVMRunPasses", module, PASSES, this.machine, options);
    llvm.call("LLVMDisposePassBuilderOptions", options);
    const bytes = this.emitted(module);
    llvm.call("LLVMDisposeModule", module);
    llvm.call("LLVMContextDispose", context);
    return bytes;
  }

  private parsed(context: Address, text: string): Address {
    const bytes = Buffer.from(`${text}\0`, "latin1");
    const buffer = this.llvm.address(
      "LLVMCreateMemoryBufferWithMemoryRangeCopy",
      bytes,
      bytes.length - 1,
      "lumen",
    );
    const [module, message]: [[unknown], [unknown]] = [[null], [null]];
    // The buffer belongs to the parser from here on.
    const status = this.llvm.call("LLVMParseIRInContext", context, buffer, module, message);
    assert(status === 0, `the text is right: ${message[0]}`);
    assert(typeof module[0] === "bigint", "the parser gives a module");
    return module[0];
  }

  private emitted(module: Address): Uint8Array {
    const { llvm } = this;
    const [buffer, message]: [[unknown], [unknown]] = [[null], [null]];
    const status = llvm.call(
      "LLVMTargetMachineEmitToMemoryBuffer",
      this.machine,
      module,
      OBJECT_FILE,
      message,
      buffer,
    );
    assert(status === 0, `code can be made: ${message[0]}`);
    const start = llvm.address("LLVMGetBufferStart", buffer[0]);
    const length = Number(llvm.call("LLVMGetBufferSize", buffer[0]));
    const bytes = Uint8Array.from(new Uint8Array(this.ffi.view(start, length)));
    llvm.call("LLVMDisposeMemoryBuffer", buffer[0]);
    return bytes;
  }
}
