// Typestates and session types (language 3, 19.5, 19.6).

import type { Name, SessionDecl, SessionStep, TypestateDecl, TypestateTransition } from "./ast.ts";
import { type Head, itemHead } from "./parse-head.ts";
import { parseMemberLines, parseMembers } from "./parse-members.ts";
import { parseGenerics, parseType } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** `typestate File … end`; the current token is `typestate`. */
export function parseTypestate(p: Parser, head: Head): TypestateDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the typestate");
  const states: Name[] = [];
  const transitions: TypestateTransition[] = [];
  let initial: Name | null = null;
  parseMembers(p, { opener }, () => {
    if (p.acceptName("states")) {
      p.expect(":", "`:` and the states");
      do states.push(p.name("the name of a state"));
      while (p.accept(","));
    } else if (p.acceptName("initial")) {
      p.expect(":", "`:` and the first state");
      initial = p.name("the name of a state");
    } else {
      transitions.push(parseTypestateTransition(p));
    }
  });
  return { kind: "typestate", name, states, initial, transitions, ...itemHead(p, head) };
}

/** `transition close: Open -> Closed` */
function parseTypestateTransition(p: Parser): TypestateTransition {
  const { start } = p.tok;
  if (!p.acceptName("transition")) p.unexpected("`states`, `initial`, `transition` or `end`");
  const method = p.name("the name of a method", true);
  p.expect(":", "`:` and the states before and after");
  const from = p.name("the name of a state");
  p.expect("->", "`->` and the state after");
  const to = p.name("the name of a state");
  return { method, from, to, span: p.spanFrom(start) };
}

/** `session Login … end`; the current token is `session`. */
export function parseSession(p: Parser, head: Head): SessionDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the session");
  const generics = parseGenerics(p);
  const steps: SessionStep[] = [];
  parseMembers(p, { opener }, () => steps.push(parseStep(p)));
  return { kind: "session", name, generics, steps, ...itemHead(p, head) };
}

function parseStep(p: Parser): SessionStep {
  const { start } = p.tok;
  if (p.atName("choice") && p.peek().kind === "name") return parseChoice(p);
  if (p.at("loop")) return parseProtocolLoop(p);
  if (p.accept("continue")) {
    const label = p.name("the name of a loop");
    return { kind: "continue", label, span: p.spanFrom(start) };
  }
  if (p.atName("state") && p.peek().kind === "name") {
    p.advance();
    const name = p.name("the name of the place");
    return { kind: "state", name, span: p.spanFrom(start) };
  }
  const from = p.name("a step: the role that sends, `choice`, `loop`, `continue` or `state`");
  p.expect("->", "`->` and the role that receives");
  const to = p.name("the name of a role");
  p.expect(":", "`:` and the type of the message");
  const type = parseType(p);
  return { kind: "message", from, to, type, span: p.spanFrom(start) };
}

type Choice = Extract<SessionStep, { readonly kind: "choice" }>;

/** `choice Server`, then its cases. */
function parseChoice(p: Parser): Choice {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const role = p.name("the name of the role that chooses");
  const cases: Choice["cases"][number][] = [];
  parseMembers(p, { opener }, () => {
    if (!p.atName("case")) p.unexpected("`case` and a label, or `end`");
    const caseOpener = { token: p.tok, column: p.tok.column };
    p.advance();
    const label = p.name("a label after `case`");
    const steps: SessionStep[] = [];
    // The `end` belongs to the choice; a case lasts to the next one.
    const options = { opener: caseOpener, stop: "case" };
    parseMemberLines(p, options, () => steps.push(parseStep(p)));
    cases.push({ label, steps });
  });
  return { kind: "choice", role, cases, span: p.spanFrom(opener.token.start) };
}

/** `loop Again … end` */
function parseProtocolLoop(p: Parser): SessionStep {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const label = p.name("the name of the loop");
  const steps: SessionStep[] = [];
  parseMembers(p, { opener }, () => steps.push(parseStep(p)));
  return { kind: "loop", label, steps, span: p.spanFrom(opener.token.start) };
}
