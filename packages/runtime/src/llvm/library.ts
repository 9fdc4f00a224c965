// libLLVM 19: the functions of its C interface that are used, by one table.

import { assert, err, ok, type Result } from "@lumen/core/result";
import { type Address, type Ffi, type ForeignFunction, messageOf } from "./ffi.ts";

/** Result, then arguments, as koffi names them. `out` is an array whose first item is written. */
const FUNCTIONS = {
  LLVMGetVersion: ["void", "_Out_ uint *", "_Out_ uint *", "_Out_ uint *"],
  LLVMGetDefaultTargetTriple: ["str"],
  LLVMGetHostCPUName: ["str"],
  LLVMGetHostCPUFeatures: ["str"],
  LLVMGetTargetFromTriple: ["int", "str", "_Out_ void **", "_Out_ str *"],
  LLVMCreateTargetMachine: ["void *", "void *", "str", "str", "str", "int", "int", "int"],
  LLVMCreateTargetDataLayout: ["void *", "void *"],
  LLVMDisposeTargetData: ["void", "void *"],
  LLVMSetModuleDataLayout: ["void", "void *", "void *"],
  LLVMSetTarget: ["void", "void *", "str"],
  LLVMContextCreate: ["void *"],
  LLVMContextDispose: ["void", "void *"],
  LLVMCreateMemoryBufferWithMemoryRangeCopy: ["void *", "void *", "size_t", "str"],
  LLVMParseIRInContext: ["int", "void *", "void *", "_Out_ void **", "_Out_ str *"],
  LLVMDisposeModule: ["void", "void *"],
  LLVMCreatePassBuilderOptions: ["void *"],
  LLVMPassBuilderOptionsSetVerifyEach: ["void", "void *", "int"],
  LLVMDisposePassBuilderOptions: ["void", "void *"],
  LLVMRunPasses: ["void *", "void *", "str", "void *", "void *"],
  LLVMTargetMachineEmitToMemoryBuffer: [
    "int",
    "void *",
    "void *",
    "int",
    "_Out_ str *",
    "_Out_ void **",
  ],
  LLVMGetBufferStart: ["void *", "void *"],
  LLVMGetBufferSize: ["size_t", "void *"],
  LLVMDisposeMemoryBuffer: ["void", "void *"],
  LLVMGetErrorMessage: ["str", "void *"],
  LLVMOrcCreateLLJIT: ["void *", "_Out_ void **", "void *"],
  LLVMOrcLLJITGetMainJITDylib: ["void *", "void *"],
  LLVMOrcJITDylibCreateResourceTracker: ["void *", "void *"],
  LLVMOrcResourceTrackerRemove: ["void *", "void *"],
  LLVMOrcReleaseResourceTracker: ["void", "void *"],
  LLVMOrcLLJITAddObjectFileWithRT: ["void *", "void *", "void *", "void *"],
  LLVMOrcLLJITLookup: ["void *", "void *", "_Out_ uint64 *", "str"],
} as const;

/** A function that is used. */
export type LlvmFunction = keyof typeof FUNCTIONS;

const LIBRARIES = ["libLLVM.so.19.1", "libLLVM-19.so.1", "libLLVM-19.so"];

/** By the processors of Node: the names of their back ends. */
const BACK_ENDS: Readonly<Record<string, string>> = { x64: "X86", arm64: "AArch64" };

/** The library, for the processor of this host. */
export class LlvmLibrary {
  /** As `19.1.7`. */
  readonly version: string;
  private readonly functions: ReadonlyMap<LlvmFunction, ForeignFunction>;

  constructor(functions: ReadonlyMap<LlvmFunction, ForeignFunction>) {
    this.functions = functions;
    const parts = [0, 1, 2].map(() => [0]);
    this.call("LLVMGetVersion", ...parts);
    this.version = parts.map(([part]) => part).join(".");
  }

  call(name: LlvmFunction, ...args: readonly unknown[]): unknown {
    const f = this.functions.get(name);
    assert(f !== undefined, "the library has its functions");
    return f(...args);
  }

  text(name: LlvmFunction, ...args: readonly unknown[]): string {
    const given = this.call(name, ...args);
    assert(typeof given === "string", "the function gives a text");
    return given;
  }

  /** An object of the library, which is there. */
  address(name: LlvmFunction, ...args: readonly unknown[]): Address {
    const given = this.call(name, ...args);
    assert(typeof given === "bigint", "the function gives an address");
    return given;
  }

  /** The same of functions that write it where their second argument says. */
  made(name: LlvmFunction, where: readonly [unknown], ...args: readonly unknown[]): Address {
    this.succeed(name, ...args);
    const [given] = where;
    assert(typeof given === "bigint", "the function has made something");
    return given;
  }

  /** Functions that give an error: there was none. */
  succeed(name: LlvmFunction, ...args: readonly unknown[]): void {
    const error = this.call(name, ...args);
    if (error !== null) assert(false, `${name}: ${this.text("LLVMGetErrorMessage", error)}`);
  }
}

/** The library, or why there is none. */
export function openLibrary(ffi: Ffi): Result<LlvmLibrary, string> {
  const backEnd = BACK_ENDS[process.arch];
  if (process.platform !== "linux" || backEnd === undefined)
    return err(
      `tier T3 is for Linux on x64 and arm64, this is ${process.platform} on ${process.arch}`,
    );
  const reasons: string[] = [];
  for (const path of LIBRARIES) {
    try {
      const library = ffi.load(path);
      const names = Object.keys(FUNCTIONS) as LlvmFunction[];
      const functions = names.map((name): [LlvmFunction, ForeignFunction] => {
        const [result, ...args] = FUNCTIONS[name];
        return [name, library.func(name, result, args)];
      });
      for (const part of ["TargetInfo", "Target", "TargetMC", "AsmPrinter"])
        library.func(`LLVMInitialize${backEnd}${part}`, "void", [])();
      return ok(new LlvmLibrary(new Map(functions)));
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  return err(`libLLVM 19 is not installed: ${reasons[0]}`);
}
