// How the compiler sees the world: modules by name, nothing else. `toolchain` implements it.

/** Source of one module. */
export interface ModuleSource {
  /** Import path, `main` or `a.b`. */
  readonly name: string;
  /** Project path, `/`-separated, with the extension that decides the mode. */
  readonly path: string;
  readonly text: string;
}

/** Finds the modules that a program imports. Equal questions must get equal answers. */
export interface ModuleHost {
  /** The module that `importPath` (dots kept) means for the importing module; null: not found. */
  readonly resolve: (importPath: string, from: ModuleSource) => ModuleSource | null;
}
