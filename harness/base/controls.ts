/**
 * Characters that a terminal, an editor or a browser executes instead of showing them, or that XML does not allow:
 * control characters except tab and newline, and characters that change the text direction or break lines.
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/g;

/** GitHub Actions workflow commands: `::` at the start of a line, `##[` anywhere. */
const COMMANDS = /(?<=^\s*):(?=:)|(?<=#)#(?=(?:vso)?\[)/gm;

/** Returns the escape of a character in JSON. */
export const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Escapes control characters, for example as `\u001b`, for a file or a page. A JSON text keeps its value. */
export const visible = (text: string): string => text.toWellFormed().replace(CONTROLS, escaped);

/** Makes text safe in a terminal and a CI log: escapes control characters and workflow commands. */
export const escapeControls = (text: string): string => visible(text).replace(COMMANDS, escaped);
