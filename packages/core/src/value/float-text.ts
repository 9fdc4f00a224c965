// Text of a Float: the shortest digits that read back, always in positional notation (language
// 15.5).

/** Integral Floats below 10^15 show one decimal, which tells them from Ints. */
const ONE_DECIMAL_END = 1e15;

/** The display form: `3.0`, `-0.0`, `0.1`, `0.0000001`, `1000000000000000`, `NaN`, `-inf`. */
export function displayFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  if (Object.is(value, -0)) return "-0.0";
  if (Number.isInteger(value) && Math.abs(value) < ONE_DECIMAL_END) return `${value}.0`;
  return positional(String(value));
}

/** Writes out the exponent that JavaScript uses from 1e21 on and below 1e-6. */
function positional(text: string): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", first = "", fraction = "", exponentText = ""] = match;
  const exponent = Number(exponentText);
  const digits = first + fraction;
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  // The shortest digits of a double this large never reach the decimal point.
  return `${sign}${digits.padEnd(exponent + 1, "0")}`;
}
