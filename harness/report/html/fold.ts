import { type Markup, markup } from '../text/markup.ts';

/** Renders the title of a section and its content, which can be collapsed. The section is labelled by `id`. */
export const fold = (id: string, title: string, content: Markup): Markup =>
  markup`<details class="fold" open><summary><h2 id="${id}">${title}</h2></summary>
${content}
</details>`;
