import type { FaultKind } from '../../faults/kinds/fault.ts';
import type { Contract } from '../contract/contract.ts';
import { readAssets } from '../report/html/assets.ts';
import { pageHead } from '../report/html/page-head.ts';
import { Markup, markup } from '../report/text/markup.ts';
import { faultForm } from './fault-form.ts';
import type { LabScenario } from './lab-scenario.ts';
import { MOST_CLIENTS, MOST_PER_SECOND } from './load-limits.ts';

export interface LabPage {
  contract: Contract;
  profile: string;
  postgres: string;
  /** What can be broken, and how, by name. */
  targets: Readonly<Record<string, readonly FaultKind<never>[]>>;
  scenarios: readonly LabScenario[];
}

const OWN = {
  styles: ['controls', 'lab'].map((name) => new URL(`${name}.css`, import.meta.url)),
  script: new URL('browser/lab.js', import.meta.url),
  connects: true,
};

/** The page's address is the way in: it is told to nobody. */
const NO_REFERRER = markup`<meta name="referrer" content="no-referrer">
`;

/** The lab's page: all that it shows comes later, over its event stream. */
export async function renderLab({ contract, profile, postgres, targets, scenarios }: LabPage): Promise<string> {
  const assets = await readAssets(OWN);
  const page = markup`<!doctype html>
<html lang="en">
${pageHead('Lab · proofload', assets, NO_REFERRER)}
<body>
<header>
<div><p class="product">proofload lab · profile ${profile} · ${postgres}</p>
<h1>${contract.name}</h1></div>
<ul class="now" id="now" aria-label="What is so now"></ul>
<p id="notice" role="status"></p>
</header>
<main>
<section class="strip" aria-labelledby="power"><h2 id="power">Power</h2>
<ul class="power">${Object.keys(targets).map((target) => powerSwitch(target, contract))}</ul>
<p class="note">Off: it refuses every connection. All other faults are below.</p>
<div class="buttons"><button type="button" class="act" id="heal">Heal everything</button>
<button type="button" class="act" data-signal="SIGTERM">Restart the service</button>
<button type="button" class="act" data-signal="SIGKILL">Kill the service</button></div></section>
<section class="strip" aria-labelledby="load"><h2 id="load">Load</h2>
<form class="load" id="load-form">${Object.keys(contract.endpoints).map(rateSlider)}
<label class="rate"><span>clients (addresses)</span><input type="number" name="clients" value="10" min="1" max="${MOST_CLIENTS}" step="1" required></label></form>
<p class="note">Requests a second. Each client has limits of its own. <span id="left-out"></span></p></section>
<div class="columns">
<div class="view">
<section aria-labelledby="charts"><h2 id="charts">The last two minutes</h2>
<div class="timeline" id="timeline" role="group" tabindex="0" aria-label="The last two minutes. The arrow keys read values.">
<p class="hint">Seconds before now. Shaded: a fault is set. A breaker ▲ opened, ◆ half-opened, ● closed. Point at a chart, or focus it and press ← →, to read values.</p>
<output></output>
<div id="figures"><p class="note">Nothing was seen yet. Put a load on an endpoint.</p></div>
</div></section>
</div>
<div class="controls">
<section aria-labelledby="faults"><h2 id="faults">Faults</h2>
${Object.entries(targets).map(([target, kinds]) => faultsOf(target, kinds))}</section>
<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
<p class="note">A scenario has the lab to itself: faults are healed, the load pauses, and the service starts anew.</p>
<div id="running" hidden><p id="running-text"></p><button type="button" class="act" id="stop">Stop it</button></div>
<div id="runs"></div>
<ul class="scenarios">${scenarios.map(scenarioItem)}</ul></section>
</div>
<div class="records">
<section aria-labelledby="receipts"><h2 id="receipts">Receipts, the newest first</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Receipts"><table><thead><tr><th scope="col">at</th><th scope="col">where</th><th scope="col">what</th><th scope="col">came to</th><th scope="col">ms</th><th scope="col">faults</th></tr></thead><tbody id="receipt-rows"></tbody></table></div></section>
<section aria-labelledby="log"><h2 id="log">The service's log</h2>
<div class="scroll log" tabindex="0" role="log" aria-live="off" aria-label="Lines" id="log-lines"></div></section>
</div>
</div>
</main>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}

/** A target that is on, or refuses every connection. */
function powerSwitch(target: string, { breakers }: Contract): Markup {
  const guarded = Object.entries(breakers).filter(([, { upstream }]) => upstream === target);
  const note = guarded.map(([name]) => `breaker ${name}`).join(', ');
  return markup`<li><button type="button" role="switch" aria-checked="true" aria-label="${target}" data-power="${target}">${target}</button>${note !== '' && markup` <span class="note">${note}</span>`} <span class="note" data-count="${target}"></span></li>`;
}

const rateSlider = (endpoint: string): Markup =>
  markup`<label class="rate"><span>${endpoint} <output>0</output></span><input type="range" name="${endpoint}" value="0" min="0" max="${MOST_PER_SECOND}" step="1"></label>`;

const faultsOf = (target: string, kinds: readonly FaultKind<never>[]): Markup =>
  markup`<details class="target"><summary>${target} <span class="note" data-count="${target}"></span></summary>
<ul class="faults">${kinds.map((kind) => faultForm(target, kind))}</ul></details>`;

const scenarioItem = ({ name, about, skipped }: LabScenario): Markup =>
  markup`<li><button type="button" class="act" data-scenario="${name}"${skipped !== undefined && markup` disabled`}>Run</button>
<p><strong>${name}</strong> <span class="note">${skipped === undefined ? about : `not promised: ${skipped}`}</span></p></li>`;
