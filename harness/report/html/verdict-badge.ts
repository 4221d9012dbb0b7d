import type { Verdict } from '../../verdict/finding.ts';
import { type Markup, markup } from '../text/markup.ts';

export const WORST_FIRST: Record<Verdict, number> = { FAIL: 0, INCONCLUSIVE: 1, PASS: 2 };

/** Symbols next to the words, so that readers don't have to rely on color. */
const SIGNS: Record<Verdict, string> = { PASS: '✓', FAIL: '✕', INCONCLUSIVE: '?' };

export const verdictBadge = (verdict: Verdict): Markup =>
  markup`<span class="badge ${verdict}"><span aria-hidden="true">${SIGNS[verdict]}</span>${verdict}</span>`;
