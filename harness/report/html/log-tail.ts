import { count } from '../../base/in-words.ts';
import { type Markup, markup } from '../text/markup.ts';

/** Maximum number of characters to show per line. A stack trace in JSON may have thousands. */
const WIDEST = 400;

/** Lists the last lines of the service's log, collapsed. Returns false if there are none. */
export function logTail(lines: readonly string[], scenario: string): Markup | false {
  if (lines.length === 0) return false;
  const items = lines.map((line) => markup`<li>${line.length > WIDEST ? `${line.slice(0, WIDEST)}…` : line}</li>`);
  return markup`<details class="more"><summary>The last ${count(lines.length, 'line')} of the service's log</summary>
<ul class="evidence log" tabindex="0" aria-label="Last lines of the service's log in ${scenario}">${items}</ul></details>`;
}
