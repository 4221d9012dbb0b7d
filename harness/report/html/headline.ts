import { count } from '../../base/in-words.ts';
import { stoppedIn, tallyOf, unmetIn } from '../../verdict/coverage.ts';
import { isOpenPair, provedIn } from '../../verdict/proved.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';
import { causeList } from './cause-list.ts';
import { fold } from './fold.ts';
import { verdictBadge } from './verdict-badge.ts';

/** The top of the page: the verdict, the causes unless it is PASS, and what was not judged. */
export function headline(result: RunResult): Markup {
  const { name, verdict, started, seconds, service, profile, seed } = result;
  return markup`<header class="headline">
<p class="product">proofload · <bdi>${service}</bdi></p>
<h1>${verdictBadge(verdict)} <bdi>${name}</bdi></h1>
<p class="sum">${[`${tallyOf(result)}.`, stoppedIn(result), unmetIn(result)].filter(Boolean).join(' ')}${result.coverage.promises && markup` <a href="#promises">Each promise</a>`}</p>
<p class="facts"><span>${started.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</span><span>took ${seconds.toFixed(1)} s</span><span>profile ${profile}</span><span>seed ${seed}</span><span>engine ${result.engine.name}</span></p>
${causeList(result)}
${notJudged(result.coverage)}
${proved(result)}
</header>`;
}

/** Lists the scenarios that were not judged, grouped by reason. Returns false if all scenarios were judged. */
function notJudged({ notJudged: groups, asked, judged }: RunResult['coverage']): Markup | false {
  if (groups.length === 0) return false;
  const reasons = groups.map(
    ({ because, scenarios }) => markup`<li><p>because <strong>${because}</strong></p>
<ul>${scenarios.map(({ name, judges }) => markup`<li>${judges} <span class="where">${name}</span></li>`)}</ul></li>`,
  );
  return markup`<section class="not-judged" aria-labelledby="not-judged">
${fold('not-judged', `Not judged: ${asked - judged} of ${count(asked, 'scenario')}`, markup`<ul>${reasons}</ul>`)}
</section>`;
}

/** Lists how many checks were proved on this service, and why others were not. Returns false without `prove`. */
function proved({ proved: found }: RunResult): Markup | false {
  if (!found) return false;
  const missed = found.pairs.filter(isOpenPair).map(({ checker, mutant, outcome, why = '' }) => {
    const said = outcome === 'missed' ? 'not caught' : outcome;
    return markup`<li><p><strong>${checker} × ${mutant}</strong> (${said}): ${why}</p></li>`;
  });
  const others = found.unprovable.map(({ checker, why }) => markup`<li><p>${checker}: ${why}</p></li>`);
  return markup`<section class="not-judged" aria-labelledby="proved">
${fold('proved', provedIn(found), markup`<ul>${missed}${others}</ul>`)}
</section>`;
}
