// Points of time as text, in UTC on the proleptic Gregorian calendar (language 16.8).

/** Milliseconds since the Unix epoch, split by the calendar. */
interface UtcTime {
  readonly year: bigint;
  readonly month: bigint;
  readonly day: bigint;
  readonly hour: bigint;
  readonly minute: bigint;
  readonly second: bigint;
  readonly millisecond: bigint;
}

const MS_PER_DAY = 86_400_000n;

/** By a format: `iso8601` or nothing, else text with `%Y %m %d %H %M %S` and `%%`. */
export function formatUtc(milliseconds: bigint, format: string): string {
  const time = utcTime(milliseconds);
  if (format === "" || format === "iso8601") return isoText(time);
  const parts: { readonly [letter: string]: string } = {
    Y: yearText(time.year),
    m: pad(time.month, 2),
    d: pad(time.day, 2),
    H: pad(time.hour, 2),
    M: pad(time.minute, 2),
    S: pad(time.second, 2),
    "%": "%",
  };
  return format.replace(/%([YmdHMS%])/g, (whole, letter) => parts[String(letter)] ?? whole);
}

function isoText(t: UtcTime): string {
  const date = `${yearText(t.year)}-${pad(t.month, 2)}-${pad(t.day, 2)}`;
  const fraction = t.millisecond === 0n ? "" : `.${pad(t.millisecond, 3)}`;
  return `${date}T${pad(t.hour, 2)}:${pad(t.minute, 2)}:${pad(t.second, 2)}${fraction}Z`;
}

/** Four digits at least; years before 1 have a sign. */
function yearText(year: bigint): string {
  return year < 0n ? `-${pad(-year, 4)}` : pad(year, 4);
}

function pad(value: bigint, width: number): string {
  return value.toString().padStart(width, "0");
}

/** Quotient rounded down, and the remainder, which is not negative. */
function divide(a: bigint, b: bigint): readonly [bigint, bigint] {
  const rest = ((a % b) + b) % b;
  return [(a - rest) / b, rest];
}

function utcTime(milliseconds: bigint): UtcTime {
  const [days, inDay] = divide(milliseconds, MS_PER_DAY);
  const [seconds, millisecond] = divide(inDay, 1000n);
  const [minutes, second] = divide(seconds, 60n);
  const [hour, minute] = divide(minutes, 60n);
  return { ...civilDate(days), hour, minute, second, millisecond };
}

/** H. Hinnant's algorithm: years begin in March, eras are 400 years. */
function civilDate(days: bigint): Pick<UtcTime, "year" | "month" | "day"> {
  const [era, ofEra] = divide(days + 719_468n, 146_097n);
  const yearOfEra = (ofEra - ofEra / 1460n + ofEra / 36_524n - ofEra / 146_096n) / 365n;
  const ofYear = ofEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const shifted = (5n * ofYear + 2n) / 153n;
  const day = ofYear - (153n * shifted + 2n) / 5n + 1n;
  const month = shifted < 10n ? shifted + 3n : shifted - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return { year, month, day };
}
