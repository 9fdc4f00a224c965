// How a value stands in a snapshot where it is used: inline, or as a number in the table.

/** First byte of a value. Ints: the magnitude, of a negative one minus 1, as varint. */
export const REFERENCE = {
  null: 0,
  false: 1,
  true: 2,
  positive: 3,
  negative: 4,
  float: 5,
  text: 6,
  table: 7,
} as const;
