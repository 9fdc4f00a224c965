// Secrets of a project (language 11.7): their values, and the refusal of what holds one before
// anything of it is run, kept or shown.

import { type Failure, failure, type Phase } from "@lumen/core/diagnostic";
import { utf8Encode } from "@lumen/core/hash";
import { makeScrub, type Scrub, type Secret, secretsOf } from "@lumen/runtime";
import type { Project } from "./project.ts";

type WithSecrets = Pick<Project, "secrets">;

/** The secrets of a project with their values in the environment of this process. */
export function projectSecrets({ secrets }: WithSecrets): readonly Secret[] {
  return secretsOf(secrets, process.env);
}

/** What takes them out of what is told; null where none has a value. */
export function projectScrub(project: WithSecrets): Scrub | null {
  return makeScrub(projectSecrets(project));
}

/** E_POLICY for a text that holds the value of a secret: it would be in what is kept of a run. */
export function refuseSecretText(
  scrub: Scrub | null,
  {
    text,
    subject,
    phase,
  }: { readonly text: string; readonly subject: string; readonly phase: Phase },
): Failure | null {
  const name = scrub?.heldBy(utf8Encode(text)) ?? null;
  if (name === null) return null;
  const message = `'${subject}' holds the value of the secret ${name}`;
  const hint =
    "Providers read secrets by name, from the environment; a program does not need them.";
  return failure("E_POLICY", phase, message, { subject, hint });
}
