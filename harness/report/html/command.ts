import { type Markup, markup } from '../text/markup.ts';

/** A command with a button that copies it. The page's script shows the button. */
export const command = (text: string): Markup =>
  markup`<div class="command"><code>${text}</code><button type="button" class="copy" hidden>Copy</button></div>`;
