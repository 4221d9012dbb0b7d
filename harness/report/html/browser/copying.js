/** Buttons that copy commands. */

/**
 * Shows the copy buttons, which are hidden by default because they don't work without scripts. @param {ParentNode} part
 */
export function offerCopies(part) {
  for (const button of part.querySelectorAll('button.copy')) {
    button.removeAttribute('hidden');
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.previousElementSibling?.textContent ?? '');
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2_000);
    });
  }
}
