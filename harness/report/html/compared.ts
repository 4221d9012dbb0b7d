import type { Finding } from '../../verdict/finding.ts';
import { type Markup, markup } from '../text/markup.ts';

type Texts = NonNullable<Finding['texts']>;

/** Two texts side by side, with the parts marked that are only in one of them. */
export const compared = ({ expected, got }: Texts): Markup => markup`<dl class="compared">
<div><dt>Expected text</dt><dd>${pieces(expected)}</dd></div>
<div><dt>Text that the caller got</dt><dd>${pieces(got)}</dd></div>
</dl>`;

const pieces = (text: Texts['got']): Markup | string =>
  text.length === 0
    ? 'no words'
    : markup`${text.map(({ text: piece, differs }) => (differs ? markup`<mark>${piece}</mark> ` : markup`${piece} `))}`;
