import type { HistoryEvent } from '../../history/events.ts';
import { causesOf } from '../../verdict/causes.ts';
import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';
import { Markup, markup } from '../text/markup.ts';
import { buildTimeline } from '../timeline/timeline.ts';
import { readAssets } from './assets.ts';
import { environmentList } from './environment-list.ts';
import { filter } from './filter.ts';
import { glossary } from './glossary.ts';
import { headline } from './headline.ts';
import { pageHead } from './page-head.ts';
import { promiseSection } from './promise-section.ts';
import { scenarioSection } from './scenario-section.ts';
import { WORST_FIRST } from './verdict-badge.ts';

const OWN = {
  styles: [new URL('report.css', import.meta.url)],
  script: new URL('browser/page.js', import.meta.url),
};

/**
 * Renders a run's report as a single HTML file that includes its style, scripts and data. Its content security policy
 * prevents anything else from being loaded.
 *
 * @param histories Each scenario's events, by scenario name. A scenario without events has no timeline.
 * @param logs The last lines of the service's log in each scenario, by scenario name.
 */
export async function renderReport(
  result: RunResult,
  histories: ReadonlyMap<string, readonly HistoryEvent[]>,
  logs: ReadonlyMap<string, readonly string[]> = new Map(),
): Promise<string> {
  const assets = await readAssets(OWN);
  const hasFailed = result.scenarios.some(({ verdict }) => verdict === 'FAIL');
  const sections = mostTellingFirst(result).map((scenario, index) => {
    const events = histories.get(scenario.scenario) ?? [];
    const timeline = buildTimeline(events, scenario.ceiling);
    const log = logs.get(scenario.scenario) ?? [];
    const isOpen = scenario.verdict === (hasFailed ? 'FAIL' : 'INCONCLUSIVE');
    return scenarioSection(
      { result: scenario, timeline, events, log },
      { section: isOpen, timeline: index === 0 || !isOpen },
    );
  });
  const page = markup`<!doctype html>
<html lang="en">
${pageHead(`${result.verdict}: ${result.name} · proofload`, assets)}
<body>
${headline(result)}
<main>
<h2>Scenarios</h2>
${result.scenarios.length > 1 && filter()}
${sections}
${promiseSection(result)}
<h2>Environment</h2>
${environmentList(result)}
${glossary()}
</main>
<footer><p>proofload ${result.environment.proofload}. PASS: every check passed and had enough data to detect a failure. FAIL: at least one check failed. INCONCLUSIVE: something could not be proved; it is never a pass.</p></footer>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}

/** Sorts the scenarios: failures first, starting with those affected by the cause that explains the most findings. */
function mostTellingFirst(result: RunResult): ScenarioResult[] {
  const causes = causesOf(result.scenarios);
  const rank = (scenario: ScenarioResult) => {
    const found = causes.findIndex(({ findings }) => findings.some((one) => one.scenario === scenario));
    return found === -1 ? causes.length : found;
  };
  return result.scenarios.toSorted((a, b) => WORST_FIRST[a.verdict] - WORST_FIRST[b.verdict] || rank(a) - rank(b));
}
