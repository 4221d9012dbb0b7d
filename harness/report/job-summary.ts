import { appendFileSync } from 'node:fs';
import { shown } from '../base/print.ts';
import { secrets } from '../base/secrets.ts';

/** In GitHub Actions, appends Markdown to the job summary, without secrets. */
export function appendToJobSummary(markdown: string): void {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_ACTIONS && GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${secrets.redact(markdown)}\n`);
}

/**
 * Returns Markdown about an error because of which there is no verdict. Secrets in the text are redacted.
 *
 * @param text The error as printed in the terminal, such as the output of a service that did not start.
 */
export function errorSummary(text: string): string {
  const fence = '`'.repeat(3 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  return `## ❌ proofload: no verdict\n\n${fence}text\n${shown(text)}\n${fence}\n`;
}
