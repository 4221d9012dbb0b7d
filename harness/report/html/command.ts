import { type Markup, markup } from '../text/markup.ts';

/** A command to be copied; the button shows itself where scripts run. */
export const command = (text: string): Markup =>
  markup`<div class="command"><code>${text}</code><button type="button" class="copy" hidden>Copy</button></div>`;
