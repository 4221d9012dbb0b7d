/** Calls the lab, and shows errors at the top of the page. */

/** Returns an element that always exists. @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Shows a notice at the top of the page, which is announced by screen readers.
 *
 * @param {string} text
 * @param {string} [tone] A verdict that determines the color. An empty string selects the color of ordinary text.
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
 * @returns {Promise<string>} The reason if the lab rejected the call, otherwise an empty string.
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

/** The state to show in the notice when no call was rejected. */
let said = { text: '', tone: '' };

/** Shows the state if it has changed. @param {string} text @param {string} [tone] See `notify`. */
export function tellState(text, tone = '') {
  if (text !== said.text) notify(text, tone);
  said = { text, tone };
}

/** Shows a rejection or, if there is none, the state again. @param {string} refusal */
export const tellRefusal = (refusal) => (refusal ? notify(refusal) : notify(said.text, said.tone));

/** Calls an operation. If it is rejected, shows the reason at the top of the page. @param {string} method @param {string} path @param {unknown} [body] */
export async function askAndTell(method, path, body) {
  tellRefusal(await ask(method, path, body));
}
