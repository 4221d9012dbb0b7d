import { count } from '../../base/in-words.ts';
import { type Cause as AnyCause, type Located as AnyLocated, causesOf, countFollowers } from '../../verdict/causes.ts';
import type { RunResult, ScenarioResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';
import { anchor } from './anchor.ts';
import { command } from './command.ts';
import { verdictBadge } from './verdict-badge.ts';

type Cause = AnyCause<ScenarioResult>;
type Located = AnyLocated<ScenarioResult>;

/** Number of lines of evidence to show for a cause. The scenario's section shows all. */
const EVIDENCE_SHOWN = 2;

/** Number of causes to show in full. The others are collapsed. */
const SHOWN = 5;

const NOT_PROVED = 'INCONCLUSIVE means that a check had too little data to pass or to fail. Its evidence says why.';

/**
 * Summarizes why a run did not pass, starting with the cause that explains the most findings. Returns false if
 * everything passed.
 */
export function causeList(result: RunResult): Markup | false {
  const causes = causesOf(result.scenarios);
  if (causes.length === 0) return false;
  const failed = causes.filter(({ verdict }) => verdict === 'FAIL');
  const unproved = causes.filter(({ verdict }) => verdict !== 'FAIL');
  const shown = (failed.length > 0 ? failed : unproved).slice(0, SHOWN);
  const rest = causes.filter((cause) => !shown.includes(cause));
  return markup`<section class="problems ${failed.length > 0 ? 'FAIL' : 'INCONCLUSIVE'}" aria-labelledby="problems">
<h2 id="problems">${failed.length > 0 ? 'Why it failed' : 'Why it is inconclusive'}</h2>
${failed.length === 0 && markup`<p class="where">${NOT_PROVED}</p>`}
<ol class="causes">${shown.map(causeItem)}</ol>
${rest.length > 0 && more(rest)}
</section>`;
}

function more(rest: readonly Cause[]): Markup {
  const failed = rest.filter(({ verdict }) => verdict === 'FAIL').length;
  const unproved = rest
    .filter(({ verdict }) => verdict !== 'FAIL')
    .reduce((sum, { findings }) => sum + findings.length, 0);
  const parts = [
    ...(failed > 0 ? [count(failed, 'more cause')] : []),
    ...(unproved > 0 ? [`${count(unproved, 'check')} inconclusive`] : []),
  ];
  const note = unproved > 0 && markup`<p class="where">${NOT_PROVED}</p>`;
  return markup`<details class="more"><summary>${parts.join(', ')}</summary>${note}<ol class="causes">${rest.map(causeItem)}</ol></details>`;
}

function causeItem({ title, verdict, findings, followers, mayFollow }: Cause): Markup | false {
  const [first] = findings;
  if (!first) return false;
  const { finding, scenario, index } = first;
  const again = [...new Set(findings.map((located) => located.scenario))];
  return markup`<li>
<p class="cause">${verdictBadge(verdict)} <a href="#${anchor(scenario.scenario, index)}">${title}</a> <span class="where">${extent(findings, verdict)}</span></p>
<p><span class="where">expected</span> ${finding.expected}<br><span class="where">observed</span> <strong>${finding.observed}</strong>${(finding.evidence ?? []).slice(0, EVIDENCE_SHOWN).map((line) => markup`<br><span class="where">evidence</span> ${line}`)}</p>
${finding.usually !== undefined && hint(finding.usually, mayFollow)}
${places(findings, title)}
${followers.length > 0 && markup`<details class="more"><summary>${countFollowers({ followers })}</summary>${links(followers)}</details>`}
${command(again[0]?.again ?? '')}
</li>`;
}

/** Returns what a cause usually means. If it may follow from another failure, that one should be fixed first. */
const hint = (usually: string, mayFollow: string | undefined): Markup =>
  mayFollow === undefined
    ? markup`<p class="usually"><span class="where">usually means</span> ${usually}</p>`
    : markup`<p class="usually"><span class="where">may follow from</span> ${mayFollow}. <span class="where">Otherwise:</span> ${usually}</p>`;

/** Returns, for example, "fails 14 times in 3 scenarios". */
function extent(findings: readonly Located[], verdict: Cause['verdict']): string {
  const scenarios = new Set(findings.map(({ scenario }) => scenario));
  const [only] = scenarios;
  const verb = verdict === 'FAIL' ? 'fails' : 'is inconclusive';
  const times = findings.length > scenarios.size ? ` ${findings.length} times` : '';
  const where = scenarios.size === 1 ? only?.scenario : count(scenarios.size, 'scenario');
  return `${verb}${times} in ${where}`;
}

/** Returns links to the findings of a cause, or nothing if it has only one. */
function places(findings: readonly Located[], title: string): Markup | false {
  if (findings.length < 2) return false;
  return markup`<details class="more"><summary>All ${findings.length} of “${title}”</summary>${links(findings)}</details>`;
}

const links = (all: readonly Located[]): Markup =>
  markup`<ul class="links">${all.map(
    ({ scenario, finding, index }) =>
      markup`<li>${verdictBadge(finding.verdict)} <a href="#${anchor(scenario.scenario, index)}">${finding.check}</a> <span class="where">${scenario.scenario}</span></li>`,
  )}</ul>`;
