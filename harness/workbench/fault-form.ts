import type { FaultKind } from '../../faults/kinds/lib/fault.ts';
import { type Markup, markup } from '../report/text/markup.ts';
import { type FaultField, faultFields } from './fault-fields.ts';

/** Renders the switch for a fault kind and target, with its fields. */
export function faultForm(target: string, kind: FaultKind<never>): Markup {
  const { own, scope } = faultFields(kind);
  const name = `${target} ${kind.kind}`;
  const id = name.replaceAll(' ', '-');
  return markup`<li><form class="fault" data-target="${target}" data-kind="${kind.kind}" novalidate>
<button type="button" role="switch" aria-checked="false" aria-label="${name}" aria-describedby="${id}-does">${kind.kind}</button><span class="note counts"></span>
<p class="note does" id="${id}-does">${kind.does}</p>
<p class="refused" role="alert"></p>
<details class="more"><summary>fields<span class="hidden"> of ${name}</span></summary>
${own.map((field) => input(field, name))}
<p class="label">When${scope.length > 3 && ', and for whom'}</p>
${scope.map((field) => input(field, name))}</details>
</form></li>`;
}

function input(field: FaultField, fault: string): Markup {
  const { name, as, isRequired, hint, choices } = field;
  const id = `${fault} ${name}`.replaceAll(' ', '-');
  const described = markup`name="${name}" id="${id}" aria-describedby="${id}-hint" data-as="${as}"${isRequired && markup` required`}`;
  return markup`<div class="field"><label for="${id}">${words(name)}${isRequired && ' *'}</label>
${choices ? select(field, choices, described) : typed(field, described)}
<span class="note" id="${id}-hint">${hint}</span></div>`;
}

const select = ({ initial, isRequired }: FaultField, choices: readonly string[], described: Markup): Markup =>
  markup`<select ${described}>${!isRequired && markup`<option value=""></option>`}${choices.map(
    (choice) => markup`<option${choice === initial && markup` selected`}>${choice}</option>`,
  )}</select>`;

function typed({ as, initial, min, max, step }: FaultField, described: Markup): Markup {
  if (as !== 'number') return markup`<input type="text" ${described} value="${initial}" autocomplete="off">`;
  const bounds = markup`${min !== undefined && markup` min="${min}"`}${max !== undefined && markup` max="${max}"`}`;
  return markup`<input type="number" ${described} value="${initial}"${bounds} step="${step ?? 'any'}">`;
}

/** "retryAfter" → "retry after". */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
