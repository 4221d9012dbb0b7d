import { type Markup, markup } from '../text/markup.ts';

const VERDICTS = ['FAIL', 'INCONCLUSIVE', 'PASS'] as const;

/** A form that filters scenarios by verdict and by text. It stays hidden if scripts are disabled. */
export const filter = (): Markup => markup`<form class="filter" role="search" aria-label="Scenarios" hidden>
${VERDICTS.map((verdict) => markup`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${verdict}</label>`)}
<label class="text">Text <input type="search" name="text" autocomplete="off"></label>
<output></output>
</form>`;
