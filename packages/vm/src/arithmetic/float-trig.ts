// sin, cos and tan by the kernels of fdlibm, in the form of FreeBSD's msun (Sun Microsystems, 1993;
// freely usable with this notice). Error below 1 unit in the last place.

import { type Reduced, reduceAngle } from "./float-reduce.ts";
import { horner, type Split, withoutLowWord } from "./float-words.ts";

const S1 = -0.16666666666666632;
/** S2 … S6 of k_sin.c. */
const SIN_POLYNOMIAL: readonly number[] = [
  0.00833333333332249, -0.0001984126982985795, 2.7557313707070068e-6, -2.5050760253406863e-8,
  1.58969099521155e-10,
];
/** C1 … C6 of k_cos.c. */
const COS_POLYNOMIAL: readonly number[] = [
  0.0416666666666666, -0.001388888888887411, 2.480158728947673e-5, -2.7557314351390663e-7,
  2.087572321298175e-9, -1.1359647557788195e-11,
];
const T0 = 0.3333333333333341;
/** T1, T3, … T11 and T2, T4, … T12 of k_tan.c. */
const TAN_ODD: readonly number[] = [
  0.13333333333320124, 0.021869488294859542, 0.0035920791075913124, 0.0005880412408202641,
  7.817944429395571e-5, -1.8558637485527546e-5,
];
const TAN_EVEN: readonly number[] = [
  0.05396825397622605, 0.0088632398235993, 0.0014562094543252903, 0.0002464631348184699,
  7.140724913826082e-5, 2.590730518636337e-5,
];
const QUARTER_PI_HIGH = 0.7853981633974483;
const QUARTER_PI_LOW = 3.061616997868383e-17;
/** From here on tan is computed as a distance to π/4. */
const NEAR_QUARTER_PI = 0.67434;

/** The sine; NaN for infinities. */
export function sinFloat(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const angle = reduceAngle(x);
  const odd = (angle.quadrant & 1) === 1;
  const value = odd ? cosKernel(angle) : sinKernel(angle);
  return angle.quadrant >= 2 ? -value : value;
}

/** The cosine; NaN for infinities. */
export function cosFloat(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const angle = reduceAngle(x);
  const odd = (angle.quadrant & 1) === 1;
  const value = odd ? sinKernel(angle) : cosKernel(angle);
  return angle.quadrant === 1 || angle.quadrant === 2 ? -value : value;
}

/** The tangent; NaN for infinities. */
export function tanFloat(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  return tanKernel(reduceAngle(x));
}

function sinKernel({ high: x, low: y }: Split): number {
  if (Math.abs(x) < 2 ** -26) return x;
  const z = x * x;
  const v = z * x;
  const r = horner(SIN_POLYNOMIAL, z);
  if (y === 0) return x + v * (S1 + z * r);
  return x - (z * (0.5 * y - v * r) - y - v * S1);
}

function cosKernel({ high: x, low: y }: Split): number {
  const z = x * x;
  const r = z * horner(COS_POLYNOMIAL, z);
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * y));
}

/** tan in even quadrants, -1/tan in odd ones. */
function tanKernel({ high, low, quadrant }: Reduced): number {
  const inverse = (quadrant & 1) === 1;
  if (!inverse && Math.abs(high) < 2 ** -28) return high;
  const near = Math.abs(high) >= NEAR_QUARTER_PI;
  const sign = near && high < 0 ? -1 : 1;
  const x = near ? QUARTER_PI_HIGH - sign * high + (QUARTER_PI_LOW - sign * low) : high;
  const y = near ? 0 : low;
  const z = x * x;
  const w = z * z;
  const s = z * x;
  const r = y + z * (s * (horner(TAN_ODD, w) + z * horner(TAN_EVEN, w)) + y) + T0 * s;
  const sum = x + r;
  if (near) {
    const v = inverse ? -1 : 1;
    return sign * (v - 2 * (x - ((sum * sum) / (sum + v) - r)));
  }
  return inverse ? negativeInverse({ high: x, low: r }) : sum;
}

/** -1 / (high + low), with the rounding error of the quotient put right. */
function negativeInverse({ high, low }: Split): number {
  const sum = high + low;
  const z = withoutLowWord(sum);
  const v = low - (z - high);
  const quotient = -1 / sum;
  const t = withoutLowWord(quotient);
  return t + quotient * (1 + t * z + t * v);
}
