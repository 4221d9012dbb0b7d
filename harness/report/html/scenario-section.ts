import { count } from '../../base/in-words.ts';
import type { HistoryEvent } from '../../history/events.ts';
import { countVerdicts } from '../../verdict/finding.ts';
import type { ScenarioResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';
import { notApplicableIn, remarksIn } from '../text/remarks.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { anchor } from './anchor.ts';
import { command } from './command.ts';
import { eventList } from './event-list.ts';
import { heldList, problemCards } from './findings.ts';
import { requestTable } from './request-table.ts';
import { timelineFigures } from './timeline-figures.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Maximum number of characters to show per line. A stack trace in JSON may have thousands. */
const WIDEST_LINE = 400;

/** A scenario's result together with the recorded data that the report shows. */
export interface Recorded {
  readonly result: ScenarioResult;
  readonly timeline: Timeline;
  readonly events: readonly HistoryEvent[];
  /** The last lines of the service's log. */
  readonly log: readonly string[];
}

/**
 * Renders a scenario: its problems, the command to run it again, its requests and log if it did not pass, its timeline,
 * and everything else.
 */
export function scenarioSection(recorded: Recorded, open: { section: boolean; timeline: boolean }): Markup {
  const { result, timeline, events, log } = recorded;
  const { scenario, about, verdict, findings, seconds, again } = result;
  const passed = countVerdicts(findings).PASS;
  const held = `${passed} of ${count(findings.length, 'check')} passed · ${seconds.toFixed(1)} s`;
  // The section has the same verdict as its worst findings.
  const worst = findings.filter((finding) => finding.verdict === verdict);
  return markup`<details class="scenario" data-verdict="${verdict}" id="${anchor(scenario)}"${open.section && markup` open`}>
<summary>${verdictBadge(verdict)}<h3><bdi>${scenario}</bdi></h3><span class="count">${held}</span><span class="about">${about}</span></summary>
<div class="body">
${problemCards(findings, scenario, events)}
${remarksIn(result).map((note) => markup`<p class="note">${note}</p>`)}
<h4>Run it again</h4>
${command(again)}
${verdict !== 'PASS' && requestTable(events, worst, scenario)}
${verdict !== 'PASS' && logTail(log, scenario)}
${eventList(events)}
${passed > 0 && markup`<details class="more"><summary>${count(passed, 'check')} passed</summary>${heldList(findings, scenario)}</details>`}
${notApplicable(result)}
${timelineFigures(timeline, scenario, open.timeline)}
<p class="note">All that was recorded, which is not in this page: <code>${result.folder}/</code> in the run folder</p>
</div>
</details>`;
}

function notApplicable(result: ScenarioResult): Markup | false {
  const { length } = result.notApplicable ?? [];
  if (length === 0) return false;
  const lines = notApplicableIn(result).map((line) => markup`<li>${line}</li>`);
  const title = `${count(length, 'check')} not applicable to this contract`;
  return markup`<details class="more"><summary>${title}</summary><ul class="evidence">${lines}</ul></details>`;
}

/** Lists the last lines of the service's log, collapsed. Returns false if there are none. */
function logTail(lines: readonly string[], scenario: string): Markup | false {
  if (lines.length === 0) return false;
  const items = lines.map(
    (line) => markup`<li>${line.length > WIDEST_LINE ? `${line.slice(0, WIDEST_LINE)}…` : line}</li>`,
  );
  return markup`<details class="more"><summary>The last ${count(lines.length, 'line')} of the service's log</summary>
<ul class="evidence log" tabindex="0" aria-label="Last lines of the service's log in ${scenario}">${items}</ul></details>`;
}
