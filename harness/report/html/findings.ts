import type { Finding } from '../../verdict/finding.ts';
import { type Markup, markup } from '../text/markup.ts';
import { anchor } from './anchor.ts';
import { measured } from './measured.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Lines of evidence that are shown before the rest has to be asked for. */
const SHOWN = 6;

/** A card for each finding that did not pass. @param name What they are of: a part of their ids. */
export const problemCards = (findings: readonly Finding[], name: string): Markup =>
  markup`${numbered(findings, name).flatMap(({ finding, id }) => (finding.verdict === 'PASS' ? [] : [card(finding, id)]))}`;

/** A row for each finding that passed; nothing where none did. @param name As for the cards. */
export function heldList(findings: readonly Finding[], name: string): Markup | false {
  const passed = numbered(findings, name).filter(({ finding }) => finding.verdict === 'PASS');
  const rows = passed.map(({ finding, id }) => row(finding, id));
  return rows.length > 0 && markup`<h4>What held</h4><ul class="checks">${rows}</ul>`;
}

const numbered = (findings: readonly Finding[], name: string) =>
  findings.map((finding, index) => ({ finding, id: anchor(name, index) }));

function card({ check, expected, observed, verdict, evidence, table }: Finding, id: string): Markup {
  return markup`<section class="card ${verdict}" id="${id}" aria-labelledby="${id}-check">
<h4 id="${id}-check">${verdictBadge(verdict)} ${check}</h4>
<dl><div><dt>Expected</dt><dd>${expected}</dd></div><div class="observed"><dt>Observed</dt><dd>${observed}</dd></div></dl>
${table && measured(table, check, id)}
${evidenceList(evidence)}
</section>`;
}

function row({ check, expected, observed, verdict, evidence, table }: Finding, id: string): Markup {
  return markup`<li id="${id}"><span>${verdictBadge(verdict)}</span><span class="check">${check}</span>
<span><span class="hidden label">Expected: </span>${expected}</span>
<span><span class="hidden label">Observed: </span>${observed}</span>
${table && measured(table, check, id)}
${evidence && evidence.length > 0 && markup`<details class="more"><summary>Evidence</summary>${lines(evidence)}</details>`}</li>`;
}

function evidenceList(evidence: readonly string[] = []): Markup | false {
  if (evidence.length === 0) return false;
  const [first, rest] = [evidence.slice(0, SHOWN), evidence.slice(SHOWN)];
  const more =
    rest.length > 0 && markup`<details class="more"><summary>${rest.length} more</summary>${lines(rest)}</details>`;
  return markup`<p class="label">Evidence</p>${lines(first)}${more}`;
}

const lines = (texts: readonly string[]): Markup =>
  markup`<ul class="evidence">${texts.map((text) => markup`<li>${text}</li>`)}</ul>`;
