import { count } from '../../base/in-words.ts';
import type { HistoryEvent } from '../../history/events.ts';
import type { ScenarioResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { anchor } from './anchor.ts';
import { command } from './command.ts';
import { eventList } from './event-list.ts';
import { heldList, problemCards } from './findings.ts';
import { timelineFigures } from './timeline-figures.ts';
import { verdictBadge } from './verdict-badge.ts';

/** One scenario: open where something did not pass; that first, then how to see it again, timelines, and the rest. */
export function scenarioSection(result: ScenarioResult, timeline: Timeline, events: readonly HistoryEvent[]): Markup {
  const { scenario, about, verdict, findings, seconds, again, folder } = result;
  const passed = findings.filter((finding) => finding.verdict === 'PASS');
  const held = `${passed.length} of ${count(findings.length, 'check')} held · ${seconds.toFixed(1)} s`;
  return markup`<details class="scenario" id="${anchor(scenario)}"${verdict !== 'PASS' && markup` open`}>
<summary>${verdictBadge(verdict)}<h3>${scenario}</h3><span class="count">${held}</span><span class="about">${about}</span></summary>
<div class="body">
${problemCards(findings, scenario)}
<h4>See it again</h4>
${command(again)}
<p class="note">What it left: <a href="${folder}/history.ndjson">history</a>, <a href="${folder}/service.log">the service's log</a>, in ${folder}/</p>
${timelineFigures(timeline, scenario)}
${eventList(events)}
${heldList(findings, scenario)}
</div>
</details>`;
}
