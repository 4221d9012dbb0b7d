import type { HistoryEvent } from '../../history/events.ts';
import { describeNoise } from '../../machine/noise-floor.ts';
import { causesOf } from '../../verdict/causes.ts';
import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';
import { Markup, markup } from '../text/markup.ts';
import { buildTimeline } from '../timeline/timeline.ts';
import { readAssets } from './assets.ts';
import { fold } from './fold.ts';
import { headline } from './headline.ts';
import { pageHead } from './page-head.ts';
import { promiseSection } from './promise-section.ts';
import { scenarioSection } from './scenario-section.ts';
import { WORST_FIRST } from './verdict-badge.ts';

/** Terms that readers may not know. */
const WORDS = {
  served: 'answered with a status that the contract lists as served for this endpoint, which can include 404',
  upstream: 'a provider that the service calls, by its name in the contract (groq); its breaker has another name (llm)',
  trial: 'the call that a half-open breaker lets through to find out whether its upstream works again',
  'open, half-open, closed':
    'states of a breaker: it refuses calls, lets one trial call through, lets all calls through',
  phase: "a part of the scenario's script; it is named after the action of the script, not after a breaker's state",
  receipt: 'a record, made by a fake upstream or the database proxy, of a request that reached it',
  'fault (next 2)': 'a fault for the next two requests; “fault of groq (2)” is a second fault at the same time',
  'p50, p99': 'percentiles: 50 % or 99 % of the requests in this interval took at most this long',
  threshold: 'a limit that the k6 script itself sets, such as count==1',
  seed: 'the number from which client addresses are derived; the command of each scenario contains its seed',
};

const VERDICTS = ['FAIL', 'INCONCLUSIVE', 'PASS'] as const;

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
${pageHead(`${result.verdict}: ${result.name} · ${result.service} · proofload`, assets)}
<body>
${headline(result)}
<main>
<h2>Scenarios</h2>
${result.scenarios.length > 1 && filter()}
${sections}
${promiseSection(result)}
${fold('environment', 'Environment', markup`${environmentList(result)}${glossary()}`)}
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
    const found = causes.findIndex(({ findings }) => findings.some((finding) => finding.scenario === scenario));
    return found === -1 ? causes.length : found;
  };
  return result.scenarios.toSorted((a, b) => WORST_FIRST[a.verdict] - WORST_FIRST[b.verdict] || rank(a) - rank(b));
}

/** A form that filters scenarios by verdict and by text. It stays hidden if scripts are disabled. */
const filter = (): Markup => markup`<form class="filter" role="search" aria-label="Scenarios" hidden>
${VERDICTS.map((verdict) => markup`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${verdict}</label>`)}
<label class="text">Text <input type="search" name="text" autocomplete="off"></label>
<output></output>
</form>`;

/** Explains the terms used in a report. */
const glossary = (): Markup =>
  markup`<details class="more"><summary>Terms in this report</summary>
<dl class="environment">${Object.entries(WORDS).map(
    ([word, meaning]) => markup`<div><dt class="label">${word}</dt><dd>${meaning}</dd></div>`,
  )}</dl></details>`;

/** Lists a run's versions, machine, commit and settings. */
function environmentList({ environment, engine, postgres, profile, seed, service }: RunResult): Markup {
  const { proofload, node, os, cpus, memoryBytes, commit, noise } = environment;
  const rows = {
    Service: service,
    Profile: profile,
    Seed: seed,
    Engine: `${engine.name}: ${engine.version}`,
    Database: postgres,
    'git commit': commit ? `${commit.id.slice(0, 12)}${commit.changed ? ', with changes' : ''}` : 'none',
    proofload,
    Node: node,
    Machine: `${os}, ${cpus} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
    ...(noise && { Noise: describeNoise(noise) }),
  };
  const items = Object.entries(rows).map(
    ([name, value]) => markup`<div><dt class="label">${name}</dt><dd>${value}</dd></div>`,
  );
  return markup`<dl class="environment">${items}</dl>`;
}
