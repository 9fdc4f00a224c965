// The rules of examples/ledger/main.lm.md once more, in TypeScript and from the prose, so that the
// program is not compared with itself.

/** `input.json`. */
export interface LedgerInput {
  readonly statement: readonly StatementLine[];
  readonly invoices: readonly {
    readonly number: string;
    readonly counterparty: string;
    readonly due: string;
    readonly amount: string;
    readonly currency: string;
  }[];
  readonly rates: readonly { readonly currency: string; readonly micro_euro: number }[];
}

interface StatementLine {
  readonly id: string;
  readonly date: string;
  readonly counterparty: string;
  readonly text: string;
  readonly amount: string;
  readonly currency: string;
}

type Kind = "full" | "partial" | "short" | "charge" | "unmatched" | "disputed";

interface Payment extends Pick<StatementLine, "id" | "date" | "counterparty"> {
  readonly cents: number;
  /** "" without a reference. */
  readonly reference: string;
}

interface Decision extends Payment {
  readonly kind: Kind;
  readonly reason: string;
}

interface OpenInvoice {
  readonly number: string;
  readonly counterparty: string;
  readonly due: string;
  readonly cents: number;
  paid: number;
}

/** The report of the ledger as the document describes it. */
export function reconcile(input: LedgerInput): string {
  const invoices = input.invoices.map((i): OpenInvoice => {
    const { number, counterparty, due } = i;
    return { number, counterparty, due, cents: inEuro(i, input), paid: 0 };
  });
  const payments = input.statement.map((line): Payment => {
    const { id, date, counterparty, text } = line;
    return { id, date, counterparty, cents: inEuro(line, input), reference: referenceIn(text) };
  });
  const decisions = payments.map((p, i) => settle(p, payments.slice(0, i), invoices));
  return report(decisions, invoices).join("\n");
}

function inEuro(
  money: { readonly amount: string; readonly currency: string },
  { rates }: LedgerInput,
): number {
  const match = /^(-?)(\d+)\.(\d\d)$/.exec(money.amount);
  if (match === null) throw new Error(`not an amount: ${money.amount}`);
  const cents = Number(match[2]) * 100 + Number(match[3]);
  const rate = rates.find((r) => r.currency === money.currency)?.micro_euro ?? 1_000_000;
  const euro = Math.floor((cents * rate + 500_000) / 1_000_000);
  return match[1] === "-" ? -euro : euro;
}

function referenceIn(text: string): string {
  const words = text.toUpperCase().replace(/[,;]/g, "").split(" ");
  return words.find((w) => w.startsWith("INV-")) ?? "";
}

function settle(
  payment: Payment,
  earlier: readonly Payment[],
  invoices: readonly OpenInvoice[],
): Decision {
  const as = (kind: Kind, reason = ""): Decision => ({ ...payment, kind, reason });
  const { cents, reference } = payment;
  if (cents < 0) return as("charge");
  const twin = earlier.find(
    (e) =>
      e.counterparty === payment.counterparty &&
      e.cents === cents &&
      e.date === payment.date &&
      e.reference === reference,
  );
  if (twin !== undefined) return as("disputed", `repeats ${twin.id}`);
  if (reference === "") {
    const exact = invoices
      .filter((i) => i.counterparty === payment.counterparty && i.cents - i.paid === cents)
      .sort((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0))[0];
    if (exact === undefined) return as("unmatched");
    exact.paid = exact.cents;
    return as("full");
  }
  if (!/^INV-\d{4}-\d{4}$/.test(reference))
    return as("disputed", `malformed reference ${reference}`);
  const invoice = invoices.find((i) => i.number === reference);
  if (invoice === undefined) return as("disputed", `no invoice ${reference}`);
  const open = invoice.cents - invoice.paid;
  if (open === 0) return as("disputed", `${reference} is settled already`);
  if (cents > open + 2) return as("disputed", `${euro(cents - open)} EUR more than is open`);
  const kind = open - cents <= 2 ? "full" : open - cents <= 1500 ? "short" : "partial";
  invoice.paid += kind === "partial" ? cents : open;
  return as(kind, kind === "short" ? String(open - cents) : "");
}

function report(
  decisions: readonly Decision[],
  invoices: readonly OpenInvoice[],
): readonly string[] {
  const settled = invoices.filter((i) => i.paid >= i.cents).length;
  const names = [...new Set(invoices.map((i) => i.counterparty))].sort();
  const of = (...kinds: readonly Kind[]): readonly Decision[] =>
    decisions.filter((d) => kinds.includes(d.kind));
  return [
    "RECONCILIATION",
    "",
    `${decisions.length} statement lines, ${invoices.length} invoices, ${settled} of them settled`,
    "",
    head("Matched", of("full", "partial", "short")),
    head("Bank charges", of("charge")),
    head("Unmatched", of("unmatched")),
    ...of("unmatched").map((d) => lineOf(d, "unmatched")),
    head("Disputed", of("disputed")),
    ...of("disputed").map((d) => lineOf(d, d.reason)),
    "",
    "Accounts (EUR)",
    row("Counterparty", ["Invoiced", "Received", "Charges", "Open", "Unmatched", "Disputed"]),
    ...names.map((name) => accountRow(name, decisions, invoices)),
  ];
}

function head(title: string, decisions: readonly Decision[]): string {
  return `${title}: ${decisions.length} payments, ${euro(sum(decisions))} EUR`;
}

function lineOf(d: Decision, what: string): string {
  return `  ${d.date}  ${d.id}  ${d.counterparty.padEnd(24)}${euro(d.cents).padStart(12)}  ${what}`;
}

function accountRow(
  name: string,
  decisions: readonly Decision[],
  invoices: readonly OpenInvoice[],
): string {
  const own = decisions.filter((d) => d.counterparty === name);
  const owed = invoices.filter((i) => i.counterparty === name);
  const of = (...kinds: readonly Kind[]): number => sum(own.filter((d) => kinds.includes(d.kind)));
  const charged = own.filter((d) => d.kind === "short").reduce((t, d) => t + Number(d.reason), 0);
  const amounts = [
    sum(owed),
    of("full", "partial", "short"),
    charged,
    sum(owed) - owed.reduce((t, i) => t + i.paid, 0),
    of("unmatched"),
    of("disputed"),
  ];
  return row(name, amounts.map(euro));
}

const WIDTHS = [13, 13, 10, 13, 12, 12];

function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(24)}${cells.map((c, i) => c.padStart(WIDTHS[i] ?? 0)).join("")}`;
}

function sum(parts: readonly { readonly cents: number }[]): number {
  return parts.reduce((total, part) => total + part.cents, 0);
}

function euro(cents: number): string {
  const [whole = "", fraction = ""] = (Math.abs(cents) / 100).toFixed(2).split(".");
  return `${cents < 0 ? "-" : ""}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction}`;
}
