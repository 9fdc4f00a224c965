// What an author did wrong with the functions of this folder. Its position is that of the call in
// the author's source, which whoever reads the registrations finds in the stack.

/** Numbers of the rows that a misuse can belong to (language 20). */
export type MisuseCode =
  | "E0800"
  | "E0801"
  | "E0802"
  | "E0803"
  | "E0804"
  | "E0806"
  | "E0807"
  | "E0808"
  | "E0809"
  | "E0810"
  | "E0811"
  | "E0812";

/** A call that cannot mean anything; thrown where it happens. */
export class Misuse extends Error {
  readonly code: MisuseCode;
  readonly help: string | null;

  constructor(code: MisuseCode, message: string, help: string | null = null) {
    super(message);
    this.code = code;
    this.help = help;
  }
}

/** Ends the call of an author's function that cannot mean anything. */
export function misuse(code: MisuseCode, message: string, help: string | null = null): never {
  throw new Misuse(code, message, help);
}
