// Exact decimal digits of a double, rounded half to even on its binary value (language 2.4).

/** Digits of |value|, finite, with `places` digits after the point. */
export function fixedDigits(value: number, places: number): string {
  const { mantissa, exponent } = binaryParts(Math.abs(value));
  const whole = mantissa * 10n ** BigInt(places);
  const digits = (exponent >= 0 ? whole << BigInt(exponent) : roundShift(whole, -exponent))
    .toString()
    .padStart(places + 1, "0");
  if (places === 0) return digits;
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Scientific form of |value|, finite: `places` digits after the first, and the power of ten. */
export function scientificDigits(
  value: number,
  places: number,
): { readonly digits: string; readonly exponent: number } {
  if (value === 0) return { digits: withPoint("0".repeat(places + 1)), exponent: 0 };
  const { mantissa, exponent: shift } = binaryParts(Math.abs(value));
  const ratio: Ratio = {
    numerator: shift >= 0 ? mantissa << BigInt(shift) : mantissa,
    denominator: shift >= 0 ? 1n : 1n << BigInt(-shift),
  };
  // An estimate that may be one off near powers of ten; String(value) is exact enough for it.
  let exponent = Number(Math.abs(value).toExponential().split("e")[1]);
  while (scaled(ratio, -exponent).numerator < scaled(ratio, -exponent).denominator) exponent -= 1;
  const { numerator, denominator } = scaled(ratio, places - exponent);
  const rounded = divideHalfEven(numerator, denominator).toString();
  if (rounded.length === places + 1) return { digits: withPoint(rounded), exponent };
  return { digits: withPoint(rounded.slice(0, places + 1)), exponent: exponent + 1 };
}

interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** ratio · 10^power */
function scaled({ numerator, denominator }: Ratio, power: number): Ratio {
  const factor = 10n ** BigInt(Math.abs(power));
  if (power >= 0) return { numerator: numerator * factor, denominator };
  return { numerator, denominator: denominator * factor };
}

function withPoint(digits: string): string {
  return digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
}

/** value = mantissa · 2^exponent, for a finite value ≥ 0. */
function binaryParts(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const fraction = bits & 0xfffffffffffffn;
  const biased = Number(bits >> 52n);
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

function roundShift(value: bigint, bits: number): bigint {
  return divideHalfEven(value, 1n << BigInt(bits));
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
