import { join } from 'node:path';
import Table from 'cli-table3';
import { escapeControls, styled } from '../../base/print.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import type { ScenarioResult } from '../../verdict/run-result.ts';

const STYLES: Record<Verdict, Parameters<typeof styled>[0]> = {
  PASS: 'green',
  FAIL: ['bold', 'red'],
  INCONCLUSIVE: ['bold', 'yellow'],
};

/** A verdict in its colour, for `print`. */
export const paint = (verdict: Verdict): string => styled(STYLES[verdict], verdict);

type Shown = Pick<ScenarioResult, 'scenario' | 'verdict' | 'findings' | 'seconds' | 'again' | 'folder'>;

/** A scenario's verdict: a line, and a table of its checks with what was expected, observed and judged. */
export function scenarioTable(result: Shown, runFolder: string): string {
  const { scenario, verdict, findings, seconds, again: command, folder } = result;
  const again = verdict === 'PASS' ? [] : [`  evidence: ${join(runFolder, folder)}`, `  again: ${command}`];
  return [`\n${paint(verdict)}  ${scenario}  ${seconds.toFixed(1)} s`, findingsTable(findings), ...again].join('\n');
}

/** A table of checks with what was expected, observed and judged. */
export function findingsTable(findings: readonly Finding[]): string {
  const width = Math.max(100, Math.min(process.stdout.columns ?? 140, 180));
  const [checks, verdicts] = [Math.floor(width * 0.27), 14];
  const rest = Math.floor((width - checks - verdicts - 5) / 2);
  const table = new Table({
    head: ['check', 'expected', 'observed', 'verdict'],
    colWidths: [checks, rest, rest, verdicts],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
    chars: { 'left-mid': '', mid: '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { check, expected, observed, verdict: one, evidence = [] } of findings) {
    const shown = one === 'PASS' ? [observed] : [observed, ...evidence.slice(0, 5)];
    // Escaped here as well: a table has to know how wide a text is.
    table.push([...[check, expected, shown.join('\n')].map(escapeControls), paint(one)]);
  }
  return table.toString();
}
