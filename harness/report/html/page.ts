import type { HistoryEvent } from '../../history/events.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { Markup, markup } from '../text/markup.ts';
import { buildTimeline } from '../timeline/timeline.ts';
import { readAssets } from './assets.ts';
import { environmentList } from './environment-list.ts';
import { glossary } from './glossary.ts';
import { headline } from './headline.ts';
import { pageHead } from './page-head.ts';
import { scenarioSection } from './scenario-section.ts';
import { WORST_FIRST } from './verdict-badge.ts';

const OWN = {
  styles: [new URL('report.css', import.meta.url)],
  script: new URL('browser/page.js', import.meta.url),
};

/**
 * The report of a run as one HTML file that needs nothing else: style, scripts and data are in it, and its content
 * security policy lets nothing in that is not.
 *
 * @param histories The events of each scenario, by its name; one without any is shown without a timeline.
 */
export async function renderReport(
  result: RunResult,
  histories: ReadonlyMap<string, readonly HistoryEvent[]>,
): Promise<string> {
  const assets = await readAssets(OWN);
  const sections = result.scenarios
    .toSorted((a, b) => WORST_FIRST[a.verdict] - WORST_FIRST[b.verdict])
    .map((scenario) => {
      const events = histories.get(scenario.scenario) ?? [];
      return scenarioSection(scenario, buildTimeline(events, scenario.ceiling), events);
    });
  const page = markup`<!doctype html>
<html lang="en">
${pageHead(`${result.verdict}: ${result.name} · proofload`, assets)}
<body>
${headline(result)}
<main>
<h2>Scenarios</h2>
${sections}
<h2>What this run was made with</h2>
${environmentList(result)}
${glossary()}
</main>
<footer><p>Made by proofload ${result.environment.proofload} from this run's own histories. PASS: everything held, and was seen to be able to fail. INCONCLUSIVE: not proved, and never a pass.</p></footer>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}
