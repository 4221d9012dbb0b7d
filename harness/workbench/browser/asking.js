/** Asks the lab for something, and tells where it refuses. */

/** @typedef {import('../messages.ts').Snapshot} Snapshot */

/** An element of the page that is always there. @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** Says something at the top of the page, also to screen readers. @param {string} text */
function notify(text) {
  const notice = byId('notice');
  if (notice.textContent !== text) notice.textContent = text;
}

/**
 * Calls an operation of the lab.
 *
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<string>} What it says where it refuses; empty where it does not.
 */
async function ask(method, path, body) {
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

/** What is so, as the top of the page says it while nothing was refused. */
let said = '';

/** Tells what is so, where that has changed. @param {string} now */
function tellState(now) {
  if (now !== said) notify(now);
  said = now;
}

/** Tells a refusal at the top of the page, or again what is so. @param {string} refusal */
const tellRefusal = (refusal) => notify(refusal || said);

/** Calls an operation whose refusal is told at the top of the page. @param {string} method @param {string} path @param {unknown} [body] */
async function askAndTell(method, path, body) {
  tellRefusal(await ask(method, path, body));
}
