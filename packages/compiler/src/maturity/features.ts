// The one table of features that are not stable (language 20): names for `@feature`, what they
// cover, and how far they are. `@feature`, E0126 and the table in the specification derive from it.

/** How far a feature is: U compiles without opt-in unless denied, X needs `@feature`. */
export type Maturity = "unstable" | "experimental";

/** One row. `covers`: what a reader calls it, in the plural or as a mass noun. */
export interface FeatureRow {
  readonly maturity: Maturity;
  readonly covers: string;
  /** The name is kept for what no version has yet; asking for it is E0126. */
  readonly isReserved?: true;
}

/** Features by name. What is not here is stable. */
export const FEATURES = {
  effects: { maturity: "unstable", covers: "declared effects, handlers, `perform`, `handle`" },
  macros: { maturity: "unstable", covers: "macros" },
  session_types: { maturity: "unstable", covers: "sessions, `offer`" },
  typestate: { maturity: "unstable", covers: "typestates, `T@State`" },
  labeled_loops: { maturity: "unstable", covers: "labels of loops" },
  for_filters: { maturity: "unstable", covers: "`for … if`" },
  defer: { maturity: "unstable", covers: "`defer`" },
  comptime: { maturity: "unstable", covers: "`comptime`" },
  yield: { maturity: "unstable", covers: "generators, `yield`" },
  compose_operator: { maturity: "unstable", covers: "`~>`" },
  floor_division: { maturity: "unstable", covers: "`//`" },
  shift_operators: { maturity: "unstable", covers: "`<<` and `>>`" },
  bitwise_operators: { maturity: "unstable", covers: "`&`, `|`, `^` and `~` on values" },
  variadic_params: { maturity: "unstable", covers: "variadic parameters" },
  extern_ffi: { maturity: "unstable", covers: "`extern`" },
  channels: { maturity: "unstable", covers: "channels, `Sender`, `Receiver`" },
  actors: { maturity: "unstable", covers: "actors and supervisors" },
  nurseries: { maturity: "unstable", covers: "nurseries" },
  checkpoint: { maturity: "unstable", covers: "`checkpoint`, `@durable`" },
  verification: { maturity: "unstable", covers: "contracts and hints" },
  tiles: { maturity: "unstable", covers: "tiles and sequences" },
  granting: { maturity: "unstable", covers: "`granting` clauses of imports" },
  cell_policies: { maturity: "unstable", covers: "`@cache`, `@retry`, `@budget`" },
  gadts: { maturity: "experimental", covers: "result types of variants" },
  active_patterns: { maturity: "experimental", covers: "active patterns" },
  prob_types: { maturity: "experimental", covers: "`Prob[T]` and its functions" },
  multi_shot_continuations: {
    maturity: "experimental",
    covers: "reserved: a second `resume`",
    isReserved: true,
  },
  linear_types: { maturity: "experimental", covers: "`own` parameters" },
  intersection_types: { maturity: "experimental", covers: "`A & B` types" },
  eval: { maturity: "experimental", covers: "the builtin `eval`" },
} as const;

/** Name of a feature. */
export type FeatureName = keyof typeof FEATURES;

/** The row of a feature. */
export function featureRow(name: FeatureName): FeatureRow {
  return FEATURES[name];
}

/** All names, in the order of the table. */
export const FEATURE_NAMES: readonly string[] = Object.keys(FEATURES);

/** The feature of that name, if there is one. */
export function featureNamed(name: string): FeatureName | null {
  return isFeature(name) ? name : null;
}

function isFeature(name: string): name is FeatureName {
  return Object.hasOwn(FEATURES, name);
}
