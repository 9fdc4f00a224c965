// Tier T3: modules of numeric code as native code, by LLVM. Code is made when it is first called,
// and given up when nobody can call it any more.

import { createHash } from "node:crypto";
import { assert, err, ok, type Result } from "@lumen/core/result";
import {
  encodeModule,
  type HostFunction,
  type NumericEngine,
  type WasmModule,
} from "@lumen/vm/numeric";
import { ObjectCompiler } from "./compiler.ts";
import { type Address, type Ffi, type ForeignFunction, openFfi } from "./ffi.ts";
import { loopCount, moduleText, type Symbols } from "./ir/module-ir.ts";
import { openLibrary } from "./library.ts";
import { type LinkedObject, ObjectLinker } from "./linker.ts";
import { type NativeMemory, openMemory } from "./native-memory.ts";

/** Bytes and loops of a module, at most: larger ones take seconds to compile, in one call. */
export const MODULE_BYTES_MAX: number = 2 ** 15;
export const MODULE_LOOPS_MAX = 64;

/** Where object code is kept from run to run. */
export interface ObjectStore {
  /** Object code by what decides it; null where there is none, or not as it was written. */
  readonly read: (key: string) => Uint8Array | null;
  readonly write: (key: string, object: Uint8Array) => void;
}

/** Object code, and whether it had to be made. */
export interface Prepared {
  readonly key: string;
  readonly object: Uint8Array;
  readonly isNew: boolean;
}

type Host = Readonly<Record<string, HostFunction>>;

/** The tools of this process, by which code is made. */
interface Tools {
  readonly ffi: Ffi;
  readonly compiler: ObjectCompiler;
  readonly linker: ObjectLinker;
  readonly memory: NativeMemory;
  /** Functions of the host that native code calls: they stay for as long as the process lives. */
  readonly callbacks: Map<HostFunction, Address>;
}

let opened: Result<Tools, string> | null = null;

/** The tools, opened once. */
function openTools(): Result<Tools, string> {
  const ffi = openFfi();
  if (!ffi.ok) return ffi;
  const library = openLibrary(ffi.value);
  if (!library.ok) return library;
  const memory = openMemory(ffi.value);
  if (!memory.ok) return memory;
  return ok({
    ffi: ffi.value,
    compiler: new ObjectCompiler(ffi.value, library.value),
    linker: new ObjectLinker(library.value),
    memory: memory.value,
    callbacks: new Map(),
  });
}

/** The engine, or in a line why there is none here. Loading the library takes a moment. */
export function openLlvmEngine(store: ObjectStore | null = null): Result<LlvmEngine, string> {
  opened ??= openTools();
  return opened.ok ? ok(new LlvmEngine(opened.value, store)) : err(opened.error);
}

/** Code of a module that is there, as it is called: an i64 whose high half says that it trapped. */
interface Loaded {
  readonly enter: ForeignFunction;
}

/** Code that was loaded, by the identity of its module: held only by those who may call it. */
const LOADED = new Map<string, { readonly code: WeakRef<Loaded>; readonly object: LinkedObject }>();

const UNUSED = new FinalizationRegistry<string>((id) => {
  if (LOADED.get(id)?.code.deref() === undefined) unload(id);
});

function unload(id: string): void {
  const found = LOADED.get(id);
  LOADED.delete(id);
  found?.object.remove();
}

/** The modules whose code is in the process. */
export function loadedCount(): number {
  return LOADED.size;
}

/** The engine. */
export class LlvmEngine implements NumericEngine {
  readonly name = "llvm";
  readonly isStaged = false;
  readonly memory: NativeMemory;
  private readonly tools: Tools;
  private readonly store: ObjectStore | null;

  constructor(tools: Tools, store: ObjectStore | null) {
    this.tools = tools;
    this.memory = tools.memory;
    this.store = store;
  }

  compile(module: WasmModule, host: Host): (() => number) | string {
    const bytes = encodeModule(module);
    if (isLarge(module, bytes)) return "it is too large for LLVM";
    let code: Loaded | null = null;
    return () => {
      code ??= this.loaded(module, createHash("sha256").update(bytes).digest("hex"), host);
      const given = Number(code.enter());
      assert(given < 2 ** 32, "native code does not trap");
      return given | 0;
    };
  }

  /** Puts the object code of a module into the store; null for a module without code. */
  prepare(module: WasmModule): Prepared | null {
    const bytes = encodeModule(module);
    if (isLarge(module, bytes)) return null;
    return this.objectOf(module, symbolsOf(createHash("sha256").update(bytes).digest("hex")));
  }

  private loaded(module: WasmModule, id: string, host: Host): Loaded {
    const known = LOADED.get(id);
    const code = known?.code.deref();
    if (code !== undefined) return code;
    // Nobody holds it any more, and nobody has heard of that yet.
    if (known !== undefined) unload(id);
    const symbols = symbolsOf(id);
    const object = this.tools.linker.add(this.objectOf(module, symbols).object);
    const { ffi } = this.tools;
    const links = [
      this.memory.address,
      ...module.imports.map((f) => this.callback(host[f.name], f.params.length)),
    ];
    const place = ffi.view(object.addressOf(symbols.links), 8 * links.length);
    new BigUint64Array(place).set(links);
    const made = { enter: ffi.decode(object.addressOf(symbols.entry), ffi.proto("int64", [])) };
    LOADED.set(id, { code: new WeakRef(made), object });
    UNUSED.register(made, id);
    return made;
  }

  private objectOf(module: WasmModule, symbols: Symbols): Prepared {
    const { compiler } = this.tools;
    const text = moduleText(module, symbols);
    const key = createHash("sha256").update(`${compiler.target}\n${text}`).digest("hex");
    const kept = this.store?.read(key) ?? null;
    if (kept !== null) return { key, object: kept, isNew: false };
    const object = compiler.compile(text);
    this.store?.write(key, object);
    return { key, object, isNew: true };
  }

  /** A function of the host as native code calls it. */
  private callback(f: HostFunction | undefined, paramCount: number): Address {
    assert(f !== undefined, "the host has the function");
    const { ffi, callbacks } = this.tools;
    const known = callbacks.get(f);
    if (known !== undefined) return known;
    const params = Array.from({ length: paramCount }, () => "double");
    const made = ffi.register(f, ffi.pointer(ffi.proto("double", params)));
    callbacks.set(f, made);
    return made;
  }
}

function isLarge(module: WasmModule, bytes: Uint8Array): boolean {
  return bytes.length > MODULE_BYTES_MAX || loopCount(module) > MODULE_LOOPS_MAX;
}

function symbolsOf(id: string): Symbols {
  return { entry: `lumen_enter_${id}`, links: `lumen_links_${id}` };
}
