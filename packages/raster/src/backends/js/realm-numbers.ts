// Functions of numbers that engines do not compute alike, as source text of the realm: texts in
// other radixes than 10, which are exact here, and bigints modulo a power of two.

/** Statements for the middle of the realm: they use its `hidden`, `apply` and `isInteger`. */
export const REALM_NUMBERS: string = `
  const { asUintN } = BigInt;
  const EXACT_MAX = 2 ** 53;

  const numberText = Number.prototype.toString;
  hidden(
    Number.prototype,
    "toString",
    {
      toString(radix) {
        const value = apply(Number.prototype.valueOf, this, []);
        if (radix === undefined || Number(radix) === 10) return apply(numberText, value, [radix]);
        if (!isInteger(value))
          throw new RangeError("toString: a radix other than 10 takes an integer");
        const isExact = Math.abs(value) < EXACT_MAX;
        return isExact ? apply(numberText, value, [radix]) : BigInt(value).toString(radix);
      },
    }.toString,
  );

  // Digits with a value of 2^1024 and more, whatever the radix.
  const DIGITS_MAX = 1100;
  const digitOf = (text, at) => {
    const code = text.charCodeAt(at) | 32;
    const digit = code < 97 ? text.charCodeAt(at) - 48 : code - 87;
    return digit >= 0 && (code >= 97 || digit < 10) ? digit : 36;
  };
  const exactInt = (text, radix) => {
    let at = text[0] === "-" || text[0] === "+" ? 1 : 0;
    const isHex = (radix === 0 || radix === 16) && /^[-+]?0x/i.test(text);
    if (isHex) at += 2;
    const base = isHex ? 16 : radix === 0 ? 10 : radix;
    while (text[at] === "0") at += 1;
    const start = at;
    let value = 0n;
    for (; digitOf(text, at) < base; at++) {
      if (at - start > DIGITS_MAX) return text[0] === "-" ? -Infinity : Infinity;
      value = value * BigInt(base) + BigInt(digitOf(text, at));
    }
    return Number(text[0] === "-" ? -value : value);
  };
  const someInt = parseInt;
  const { parseInt: wholeInt } = {
    parseInt(string, radix) {
      const text = String(string).trimStart();
      const base = radix | 0;
      const value = someInt(text, base);
      return Math.abs(value) >= EXACT_MAX ? exactInt(text, base) : value;
    },
  };
  hidden(world, "parseInt", wholeInt);
  hidden(Number, "parseInt", wholeInt);

  hidden(
    BigInt,
    "asUintN",
    {
      asUintN(bits, value) {
        const some = asUintN(bits, value);
        return some < 0n ? some + (1n << BigInt(Math.trunc(Number(bits)))) : some;
      },
    }.asUintN,
  );
`;
