import { count, type Finding } from '../../checkers/checker.ts';
import type { HistoryEvent } from '../../history/events.ts';
import { type Markup, markup } from '../markup.ts';
import type { ScenarioResult } from '../run-result.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { anchor } from './anchor.ts';
import { command } from './command.ts';
import { eventList } from './event-list.ts';
import { timelineFigures } from './timeline-figures.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Lines of evidence that are shown before the rest has to be asked for. */
const SHOWN = 6;

/** One scenario: open where something did not pass; that first, then how to see it again, timelines, and the rest. */
export function scenarioSection(result: ScenarioResult, timeline: Timeline, events: readonly HistoryEvent[]): Markup {
  const { scenario, about, verdict, findings, seconds, again, folder } = result;
  const numbered = findings.map((finding, index) => ({ finding, id: anchor(scenario, index) }));
  const problems = numbered.filter(({ finding }) => finding.verdict !== 'PASS');
  const passed = numbered.filter(({ finding }) => finding.verdict === 'PASS');
  const held = `${passed.length} of ${count(findings.length, 'check')} held · ${seconds.toFixed(1)} s`;
  return markup`<details class="scenario" id="${anchor(scenario)}"${verdict !== 'PASS' && markup` open`}>
<summary>${verdictBadge(verdict)}<h3>${scenario}</h3><span class="count">${held}</span><span class="about">${about}</span></summary>
<div class="body">
${problems.map(({ finding, id }) => card(finding, id))}
<h4>See it again</h4>
${command(again)}
<p class="note">What it left: <a href="${folder}/history.ndjson">history</a>, <a href="${folder}/service.log">the service's log</a>, in ${folder}/</p>
${timelineFigures(timeline, scenario)}
${eventList(events)}
${passed.length > 0 && markup`<h4>What held</h4><ul class="checks">${passed.map(({ finding, id }) => row(finding, id))}</ul>`}
</div>
</details>`;
}

function card({ check, expected, observed, verdict, evidence }: Finding, id: string): Markup {
  return markup`<section class="card ${verdict}" id="${id}" aria-labelledby="${id}-check">
<h4 id="${id}-check">${verdictBadge(verdict)} ${check}</h4>
<dl><div><dt>Expected</dt><dd>${expected}</dd></div><div class="observed"><dt>Observed</dt><dd>${observed}</dd></div></dl>
${evidenceList(evidence)}
</section>`;
}

function row({ check, expected, observed, verdict, evidence }: Finding, id: string): Markup {
  return markup`<li id="${id}"><span>${verdictBadge(verdict)}</span><span class="check">${check}</span>
<span><span class="hidden label">Expected: </span>${expected}</span>
<span><span class="hidden label">Observed: </span>${observed}</span>
${evidence && evidence.length > 0 && markup`<details class="more"><summary>Evidence</summary>${lines(evidence)}</details>`}</li>`;
}

function evidenceList(evidence: readonly string[] = []): Markup | false {
  if (evidence.length === 0) return false;
  const [first, rest] = [evidence.slice(0, SHOWN), evidence.slice(SHOWN)];
  const more =
    rest.length > 0 && markup`<details class="more"><summary>${rest.length} more</summary>${lines(rest)}</details>`;
  return markup`<p class="label">Evidence</p>${lines(first)}${more}`;
}

const lines = (texts: readonly string[]): Markup =>
  markup`<ul class="evidence">${texts.map((text) => markup`<li>${text}</li>`)}</ul>`;
