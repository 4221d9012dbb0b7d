import { type Markup, markup } from '../text/markup.ts';

/** A command with a copy button, which the page's script makes visible. */
export const command = (text: string): Markup =>
  markup`<div class="command"><code>${text}</code><button type="button" class="copy" hidden>Copy</button></div>`;
