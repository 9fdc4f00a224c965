// Numbers as people read them (spec/formats.md 22): durations, counts, shares. No locale.

const UNITS = [
  { name: "s", digits: 9 },
  { name: "ms", digits: 6 },
  { name: "us", digits: 3 },
] as const;

/**
 * Nanoseconds as `1.234 s`, `1.234 ms`, `1.234 us` (three decimals, further ones cut off, so that
 * a value never reads as the next unit) or, below a microsecond, as `999 ns`.
 */
export function formatDuration(ns: number): string {
  const digits = String(ns);
  for (const unit of UNITS) {
    const whole = digits.length - unit.digits;
    if (whole <= 0) continue;
    return `${digits.slice(0, whole)}.${digits.slice(whole, whole + 3)} ${unit.name}`;
  }
  return `${digits} ns`;
}

/** A count with a comma every three digits: `1,234,567`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A share of 0 to 1 as a percentage with one decimal: `33.3 %`. */
export function formatShare(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** Bytes by powers of 1024: `512 B`, `6.8 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const next of ["KiB", "MiB", "GiB", "TiB", "PiB"]) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return unit === "B" ? `${bytes} B` : `${value.toFixed(1)} ${unit}`;
}
