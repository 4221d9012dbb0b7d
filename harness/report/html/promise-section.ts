import { promiseTally } from '../../verdict/promise-coverage.ts';
import type { RunResult } from '../../verdict/run-result.ts';
import { fewOf, type PromiseGroup, type PromisePart, partsOfPromises } from '../promise-groups.ts';
import { type Markup, markup } from '../text/markup.ts';
import { fold } from './fold.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Number of names to show before the rest is collapsed. */
const SHOWN = 3;

/**
 * Renders all promises of the contract: their outcomes, and the mutants that prove them. Each part of the contract is
 * collapsed, because a contract can have a thousand endpoints. Returns false if the promises are unknown.
 */
export function promiseSection({ coverage }: RunResult): Markup | false {
  const tally = promiseTally(coverage);
  if (tally === undefined) return false;
  return markup`<section class="promises" aria-labelledby="promises">
${fold(
  'promises',
  'Promises of the contract',
  markup`<p class="note">${tally}. A promise is judged if at least one check of it passed or failed, and proved if <code>proofload prove</code> has shown that such a check notices a defect of this service.</p>
${partsOfPromises(coverage.promises ?? []).map(partOf)}`,
)}
</section>`;
}

const partOf = ({ part, all, judged, proved, groups }: PromisePart): Markup =>
  markup`<details class="more"><summary>${part}: ${judged} of ${all} judged, ${proved} proved</summary>
<ul class="checks">${groups.map(row)}</ul></details>`;

function row({ title, names, verdict, why, scenarios, proved }: PromiseGroup): Markup {
  const elsewhere =
    verdict === undefined && scenarios.length > 0 && markup` <span class="where">${fewOf(scenarios)}</span>`;
  return markup`<li><span>${verdict === undefined ? markup`<span class="unjudged">not judged</span>` : verdictBadge(verdict)}</span><span class="check"><code>${title}</code>${namesOf(names)}</span>
<span><span class="hidden label">${verdict === undefined ? 'Because: ' : 'Judged by: '}</span>${why}${elsewhere}</span>
<span><span class="hidden label">Proof: </span>${proved}</span></li>`;
}

function namesOf(names: readonly string[]): Markup | false {
  if (names.length === 0) return false;
  if (names.length <= SHOWN) return markup` <span class="names">${names.join(', ')}</span>`;
  return markup`<details class="more names"><summary>${names.length} of them</summary>${names.join(', ')}</details>`;
}
