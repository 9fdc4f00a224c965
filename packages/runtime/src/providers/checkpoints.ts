// Snapshots (language 14): this host has no store, so that a checkpoint does nothing.

import { answer, type ProviderTable } from "./provider.ts";

/** `checkpoint` gives null: there is no snapshot. */
export const NO_CHECKPOINTS: ProviderTable = { "state.checkpoint": () => answer(null) };
