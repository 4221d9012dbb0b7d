import { Markup, markup } from '../text/markup.ts';

/**
 * Renders the head for a self-contained page.
 *
 * @param assets The page's style, and the policy that allows only this style and the page's script.
 * @param more Additional elements, one per line.
 */
export const pageHead = (title: string, { style, policy }: { style: string; policy: string }, more?: Markup): Markup =>
  markup`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${more}<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>`;
