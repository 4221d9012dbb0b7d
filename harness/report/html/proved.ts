import { provedIn } from '../../verdict/proved.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { type Markup, markup } from '../text/markup.ts';

/** Lists how many checks were proved on this service, and why others were not. Returns false without `prove`. */
export function proved({ proved: found }: RunResult): Markup | false {
  if (!found) return false;
  const missed = found.pairs
    .filter(({ outcome }) => outcome === 'missed' || outcome === 'undecided')
    .map(({ checker, mutant, outcome, why = '' }) => {
      const said = outcome === 'missed' ? 'not caught' : outcome;
      return markup`<li><p><strong>${checker} × ${mutant}</strong> (${said}): ${why}</p></li>`;
    });
  const others = found.unprovable.map(({ checker, why }) => markup`<li><p>${checker}: ${why}</p></li>`);
  return markup`<section class="not-judged" aria-labelledby="proved">
<h2 id="proved">${provedIn(found)}</h2>
<ul>${missed}${others}</ul>
</section>`;
}
