// Bytes that come in pieces, as lines of bounded length.

/** Cuts a stream of bytes at its line feeds. */
export class LineBuffer {
  private readonly bytesMax: number;
  private readonly onLine: (line: string) => void;
  private pieces: Buffer[] = [];
  private bytes = 0;

  /** `onLine` gets each line without its end, `\n` or `\r\n`. */
  constructor(bytesMax: number, onLine: (line: string) => void) {
    this.bytesMax = bytesMax;
    this.onLine = onLine;
  }

  /** False where a line is longer than the bound: what is kept of it is dropped. */
  push(chunk: Buffer): boolean {
    let rest = chunk;
    for (let at = rest.indexOf(0x0a); at >= 0; at = rest.indexOf(0x0a)) {
      if (!this.keep(rest.subarray(0, at))) return false;
      this.finishLine();
      rest = rest.subarray(at + 1);
    }
    return this.keep(rest);
  }

  private keep(piece: Buffer): boolean {
    this.bytes += piece.length;
    if (this.bytes > this.bytesMax) {
      this.pieces = [];
      return false;
    }
    if (piece.length > 0) this.pieces.push(piece);
    return true;
  }

  private finishLine(): void {
    const line = Buffer.concat(this.pieces).toString("utf8");
    this.pieces = [];
    this.bytes = 0;
    this.onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}
