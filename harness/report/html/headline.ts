import { stoppedIn, tallyOf, unmetIn } from '../../verdict/coverage.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';
import { causeList } from './cause-list.ts';
import { notJudged } from './not-judged.ts';
import { proved } from './proved.ts';
import { verdictBadge } from './verdict-badge.ts';

/** The top of the page: the verdict, the causes unless it is PASS, and what was not judged. */
export function headline(result: RunResult): Markup {
  const { name, verdict, started, seconds, service, profile, seed } = result;
  return markup`<header class="headline">
<p class="product">proofload · ${service}</p>
<h1>${verdictBadge(verdict)} ${name}</h1>
<p class="sum">${[`${tallyOf(result)}.`, stoppedIn(result), unmetIn(result)].filter(Boolean).join(' ')}${result.coverage.promises && markup` <a href="#promises">Each promise</a>`}</p>
<p class="facts"><span>${started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</span><span>took ${seconds.toFixed(1)} s</span><span>profile ${profile}</span><span>seed ${seed}</span><span>engine ${result.engine.name}</span></p>
${causeList(result)}
${notJudged(result.coverage)}
${proved(result)}
</header>`;
}
