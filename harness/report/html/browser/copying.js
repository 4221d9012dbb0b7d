/** Commands that can be copied. */

/** Shows the buttons that copy the command before them: without scripts they would do nothing. @param {ParentNode} part */
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
