/** Calls the lab, and shows a refusal at the top of the page. */

/** Returns an element that the page always has. @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Shows a notice at the top of the page; screen readers read it out.
 *
 * @param {string} text
 * @param {string} [tone] Its colour, by the name of a verdict; the colour of plain text if empty.
 */
export function notify(text, tone = 'FAIL') {
  const notice = byId('notice');
  notice.className = tone;
  if (notice.textContent !== text) notice.textContent = text;
}

/**
 * Calls an operation of the lab.
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<string>} The reason of a refusal; empty if the lab did as asked.
 */
export async function ask(method, path, body) {
  try {
    const response = await fetch(`api${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (response.ok) return '';
    const { error } = await response.json();
    return String(error.message);
  } catch {
    return 'The lab does not answer.';
  }
}

/** The state that the notice shows when no call was refused. */
let said = { text: '', tone: '' };

/** Shows the state, if it changed. @param {string} text @param {string} [tone] See `notify`. */
export function tellState(text, tone = '') {
  if (text !== said.text) notify(text, tone);
  said = { text, tone };
}

/** Shows a refusal, or the state again if there is none. @param {string} refusal */
export const tellRefusal = (refusal) => (refusal ? notify(refusal) : notify(said.text, said.tone));

/** Calls an operation, and shows its refusal at the top of the page. @param {string} method @param {string} path @param {unknown} [body] */
export async function askAndTell(method, path, body) {
  tellRefusal(await ask(method, path, body));
}
