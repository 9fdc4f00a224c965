// Which build of the command this is: the bundler puts the hash of the bundle here.

declare const LUMEN_BUILD: string | undefined;

/** Hexadecimal, equal for equal bundles; null where the sources run directly. */
export const BUILD: string | null = typeof LUMEN_BUILD === "string" ? LUMEN_BUILD : null;
