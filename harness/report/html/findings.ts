import { count } from '../../base/in-words.ts';
import type { HistoryEvent } from '../../history/events.ts';
import { type Cause, causesOf, countFollowers } from '../../verdict/causes.ts';
import type { Finding } from '../../verdict/finding.ts';
import { checkPageUrl } from '../text/check-page.ts';
import { type Markup, markup } from '../text/markup.ts';
import { anchor } from './anchor.ts';
import { compared } from './compared.ts';
import { measured } from './measured.ts';
import { traceFigures } from './trace-figures.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Number of evidence lines to show before the rest is collapsed. */
const SHOWN = 6;

interface Numbered {
  readonly finding: Finding;
  readonly id: string;
}

/**
 * Renders a card for each cause, failures first. Findings that repeat the cause or follow from it are collapsed inside
 * its card.
 *
 * @param name A part of the cards' IDs. It must be unique on the page.
 * @param events The scenario's history, with the spans of the causes' requests.
 */
export function problemCards(findings: readonly Finding[], name: string, events: readonly HistoryEvent[]): Markup {
  const causes = causesOf([{ findings }]);
  const cards = (of: readonly Cause[]) => of.map((cause) => card(cause, name, events));
  const failed = causes.filter(({ verdict }) => verdict === 'FAIL');
  const unproved = causes.filter(({ verdict }) => verdict !== 'FAIL');
  if (failed.length === 0 || unproved.length === 0) return markup`${cards(causes)}`;
  const checks = unproved.reduce((sum, cause) => sum + cause.findings.length + cause.followers.length, 0);
  const title = `${count(checks, 'check')} inconclusive`;
  return markup`${cards(failed)}<details class="more"><summary>${title}</summary>${cards(unproved)}</details>`;
}

/**
 * Renders a row for each finding that passed. Returns false if there are none.
 *
 * @param name As in `problemCards`.
 */
export function heldList(findings: readonly Finding[], name: string): Markup | false {
  const passed = numbered(findings, name).filter(({ finding }) => finding.verdict === 'PASS');
  return passed.length > 0 && markup`<ul class="checks">${passed.map(row)}</ul>`;
}

const numbered = (findings: readonly Finding[], name: string): Numbered[] =>
  findings.map((finding, index) => ({ finding, id: anchor(name, index) }));

function card({ findings, followers }: Cause, name: string, events: readonly HistoryEvent[]): Markup | false {
  const [first, ...same] = findings;
  if (!first) return false;
  const id = anchor(name, first.index);
  const { check, expected, observed, verdict, evidence, table, texts, usually, checker } = first.finding;
  const page = checkPageUrl(checker);
  return markup`<section class="card ${verdict}" id="${id}" aria-labelledby="${id}-check">
<h4 id="${id}-check">${verdictBadge(verdict)} ${check}</h4>
<dl><div><dt>Expected</dt><dd>${expected}</dd></div><div class="observed"><dt>Observed</dt><dd>${observed}</dd></div></dl>
${usually !== undefined && markup`<p class="usually"><span class="label">Usually means</span> ${usually}${page !== undefined && markup` <a href="${page}">How to fix it</a>`}</p>`}
${texts && compared(texts)}
${table && measured(table, check, id)}
${evidenceList(evidence)}
${traceFigures(first.finding, events)}
${folded(same, name, `${count(same.length, 'more check')} of this kind`)}
${folded(followers, name, countFollowers({ followers }))}
</section>`;
}

function folded(findings: Cause['findings'], name: string, title: string): Markup | false {
  if (findings.length === 0) return false;
  const rows = findings.map(({ finding, index }) => row({ finding, id: anchor(name, index) }));
  return markup`<details class="more"><summary>${title}</summary><ul class="checks">${rows}</ul></details>`;
}

function row({ finding, id }: Numbered): Markup {
  const { check, expected, observed, verdict, evidence, table, texts } = finding;
  return markup`<li id="${id}"><span>${verdictBadge(verdict)}</span><span class="check">${check}</span>
<span><span class="hidden label">Expected: </span>${expected}</span>
<span><span class="hidden label">Observed: </span>${observed}</span>
${texts && compared(texts)}
${table && measured(table, check, id)}
${evidence && evidence.length > 0 && markup`<details class="more"><summary>Evidence</summary>${lines(evidence)}</details>`}</li>`;
}

function evidenceList(evidence: readonly string[] = []): Markup | false {
  if (evidence.length === 0) return false;
  const rest = evidence.slice(SHOWN);
  const more =
    rest.length > 0 && markup`<details class="more"><summary>${rest.length} more</summary>${lines(rest)}</details>`;
  return markup`<p class="label">Evidence</p>${lines(evidence.slice(0, SHOWN))}${more}`;
}

const lines = (texts: readonly string[]): Markup =>
  markup`<ul class="evidence">${texts.map((text) => markup`<li>${text}</li>`)}</ul>`;
