// The cube root: Halley's method from a third of the exponent, then one step of Newton's method
// with the cube in two doubles.

import { twoProduct } from "./double-double.ts";
import { highWord, withHighWord } from "./float-words.ts";

/** Added to a third of a high word: near the high word of the root (W. Kahan). */
const THIRD_BIAS = 715094163;
/** Beyond these a cube would be infinite, or lose bits. */
const LARGE = 2 ** 900;
const SMALL = 2 ** -900;
const SHIFT = 2 ** 300;
const ROOT_OF_SHIFT = 2 ** 100;

/** The cube root, of the sign of x. Error below 0.51 units in the last place. */
export function cbrtFloat(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const size = Math.abs(x);
  const root = scaledRoot(size);
  return x < 0 ? -root : root;
}

function scaledRoot(x: number): number {
  if (x > LARGE) return rootOf(x / SHIFT) * ROOT_OF_SHIFT;
  if (x < SMALL) return rootOf(x * SHIFT) / ROOT_OF_SHIFT;
  return rootOf(x);
}

function rootOf(x: number): number {
  let root = withHighWord(0, Math.floor(highWord(x) / 3) + THIRD_BIAS);
  // Each step has three times as many bits right; the first guess has five.
  for (let step = 0; step < 3; step += 1) {
    const cube = root * root * root;
    root *= (cube + 2 * x) / (2 * cube + x);
  }
  const square = twoProduct(root, root);
  const cube = twoProduct(square.high, root);
  const beyond = cube.high - x + (cube.low + square.low * root);
  return root - beyond / (3 * square.high);
}
