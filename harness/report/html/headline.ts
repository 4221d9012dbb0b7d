import { count } from '../../base/in-words.ts';
import { stoppedIn, tallyOf, unmetIn } from '../../verdict/coverage.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';
import { problemsOf } from '../text/summary.ts';
import { anchor } from './anchor.ts';
import { command } from './command.ts';
import { notJudged } from './not-judged.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Checks of a scenario that are told here; all of them are told with the scenario. */
const SHOWN = 4;

/** What a reader who has not met INCONCLUSIVE before asks. */
const NOT_PROVED =
  'Not proved (INCONCLUSIVE) says neither that it held nor that it did not. Its evidence says what stood in the way.';

/** The verdict, what it rests on in a sentence, and each check that did not pass, with the way to see it again. */
export function headline(result: RunResult): Markup {
  const { name, verdict, started, seconds, service, profile, seed } = result;
  return markup`<header class="headline">
<p class="product">proofload · ${service}</p>
<h1>${verdictBadge(verdict)} ${name}</h1>
<p class="sum">${[`${tallyOf(result)}.`, stoppedIn(result), unmetIn(result)].filter(Boolean).join(' ')}</p>
<p class="facts"><span>${started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</span><span>took ${seconds.toFixed(1)} s</span><span>profile ${profile}</span><span>seed ${seed}</span><span>engine ${result.engine.name}</span></p>
${problems(result)}
${notJudged(result.coverage)}
</header>`;
}

function problems(result: RunResult): Markup | false {
  const found = problemsOf(result);
  if (found.length === 0) return false;
  const failed = found.filter(({ finding }) => finding.verdict === 'FAIL').length;
  const parts = [
    ...(failed > 0 ? [`${count(failed, 'check')} failed`] : []),
    ...(found.length > failed ? [`${count(found.length - failed, 'check')} not proved`] : []),
  ];
  const scenarios = Map.groupBy(found, ({ scenario }) => scenario);
  const lists = [...scenarios].map(
    ([scenario, problems]) => markup`<li>
<p><strong>${scenario.scenario}</strong> <span class="where">${scenario.about}</span></p>
<ul>${problems.slice(0, SHOWN).map(
      ({ finding, index }) => markup`<li><p>${verdictBadge(finding.verdict)}
<a href="#${anchor(scenario.scenario, index)}">${finding.check}</a></p>
<p><span class="where">expected</span> ${finding.expected}<br><span class="where">observed</span> <strong>${finding.observed}</strong></p></li>`,
    )}</ul>
${problems.length > SHOWN && markup`<p><a href="#${anchor(scenario.scenario)}">${problems.length - SHOWN} more</a></p>`}
<p class="where">See it again, in the folder that this run was started in:</p>
${command(scenario.again)}</li>`,
  );
  return markup`<section class="problems ${failed > 0 ? 'FAIL' : 'INCONCLUSIVE'}" aria-labelledby="problems">
<h2 id="problems">${parts.join(', ')}</h2>
${found.length > failed && markup`<p class="where">${NOT_PROVED}</p>`}
<ul>${lists}</ul>
</section>`;
}
