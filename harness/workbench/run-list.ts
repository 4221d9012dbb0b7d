import { count } from '../base/in-words.ts';
import { command } from '../report/html/command.ts';
import { heldList, problemCards } from '../report/html/findings.ts';
import { verdictBadge } from '../report/html/verdict-badge.ts';
import { type Markup, markup } from '../report/text/markup.ts';
import { countVerdicts } from '../verdict/finding.ts';
import type { RunResult } from '../verdict/run-result.ts';

/** Renders the results of past runs, newest first. The newest one is expanded. */
export const runList = (runs: readonly { number: number; result: RunResult }[]): Markup =>
  markup`${runs.map(({ number, result }, index) => runSection(number, result, index === 0))}`;

function runSection(
  number: number,
  { name, verdict, seconds, scenarios, stopped }: RunResult,
  isNewest: boolean,
): Markup {
  const parts = scenarios.map(
    ({ findings, again }, index) => markup`${problemCards(findings, `run ${number} ${index}`, [])}
${command(again)}
<details class="more"><summary>${count(countVerdicts(findings).PASS, 'check')} held</summary>${heldList(findings, `run ${number} ${index}`)}</details>`,
  );
  return markup`<details class="run"${isNewest && markup` open`}>
<summary>${verdictBadge(verdict)} <h3>${scenarios[0]?.scenario ?? name}</h3> <span class="note">${seconds.toFixed(1)} s</span></summary>
<p><a href="runs/${number}/report.html" target="_blank" rel="noopener">The whole report</a></p>
${stopped !== undefined && markup`<p class="note">It was stopped early: ${stopped}.</p>`}
${parts}
</details>`;
}
