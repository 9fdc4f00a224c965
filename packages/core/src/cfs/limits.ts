// Bounds on documents from outside, so that hostile ones are refused instead of exhausting memory
// or the call stack. None of them is near what a producer writes.

/** JSON nesting of a CFS document: 128 levels of types inside the deepest sensible blocks. */
export const DOCUMENT_DEPTH_MAX = 1000;

/** Nodes of one type descriptor after its references are resolved: names can double sizes. */
export const TYPE_NODES_MAX = 20_000;

/** Bytes of a tile or sequence id (formats 1.2). */
export const ID_BYTES_MAX = 128;
