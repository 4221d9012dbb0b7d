import { count } from '../../base/in-words.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';

/** Lists the scenarios that were not judged, grouped by reason. Returns false if all scenarios were judged. */
export function notJudged({ notJudged: groups, asked, judged }: RunResult['coverage']): Markup | false {
  if (groups.length === 0) return false;
  const reasons = groups.map(
    ({ because, scenarios }) => markup`<li><p>because <strong>${because}</strong></p>
<ul>${scenarios.map(({ name, judges }) => markup`<li>${judges} <span class="where">${name}</span></li>`)}</ul></li>`,
  );
  return markup`<section class="not-judged" aria-labelledby="not-judged">
<h2 id="not-judged">Not judged: ${asked - judged} of ${count(asked, 'scenario')}</h2>
<ul>${reasons}</ul>
</section>`;
}
