// Step records: what a run commits to, one per tile execution and per answered request, framed by
// Genesis and Final (spec/formats.md 15.1). How a step ran is not in here.

/** One element of a path (18.4). Wire: 0 Item u32, 1 Arm u32, 2 Iter u64. */
export interface PathElem {
  readonly kind: "Item" | "Arm" | "Iter";
  readonly index: number;
}

/** How a step or a run ended; digests have 32 bytes. Wire: 0 Ok, 1 Err. */
export type Outcome =
  | { readonly kind: "Ok"; readonly outputDigest: Uint8Array }
  | { readonly kind: "Err"; readonly code: string; readonly errorDigest: Uint8Array };

/** Present for recursive calls only; `nextDigest`: the output bytes without the first byte. */
export interface Control {
  readonly done: boolean;
  readonly nextDigest: Uint8Array;
}

/** Leaf 0. `programId` of 32 zero bytes: code not bound. */
export interface GenesisRecord {
  readonly kind: "Genesis";
  readonly schemaHash: Uint8Array;
  readonly programId: Uint8Array;
  readonly entry: string;
  readonly inputDigests: readonly Uint8Array[];
  readonly defaultBound: number;
  readonly postState: Uint8Array;
}

/** One executed tile; leaf `index + 1`. */
export interface TileRecord {
  readonly kind: "Tile";
  readonly index: number;
  readonly tileId: string;
  readonly code: Uint8Array;
  readonly path: readonly PathElem[];
  readonly iteration: number | null;
  readonly inputDigest: Uint8Array;
  readonly outcome: Outcome;
  readonly control: Control | null;
  readonly postState: Uint8Array;
}

/** The last leaf; `steps` counts Tile and Request records. */
export interface FinalRecord {
  readonly kind: "Final";
  readonly steps: number;
  readonly outcome: Outcome;
}

/** One answered request of a run entered by a cell (15.4). */
export interface RequestRecord {
  readonly kind: "Request";
  readonly index: number;
  readonly operation: string;
  readonly requestDigest: Uint8Array;
  readonly outcome: Outcome;
}

/** Wire discriminants 0 Genesis, 1 Tile, 2 Final, 3 Request. */
export type StepRecord = GenesisRecord | TileRecord | FinalRecord | RequestRecord;

/** `default_bound` of this version: no other value is accepted. */
export const DEFAULT_BOUND = 1_000_000;
