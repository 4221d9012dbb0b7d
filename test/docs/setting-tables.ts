import { SETTINGS, type Setting } from '../../harness/base/settings.ts';
import { REFERENCE_CONTRACT } from '../../harness/run/again.ts';

const ALL: readonly (readonly [name: string, setting: Setting])[] = Object.entries(SETTINGS);

export const settingTable = async (): Promise<string> =>
  `| setting | option | meaning |\n| --- | --- | --- |\n${ALL.map(row).join('')}`;

function row([name, { flag, about, usual, usually, details, targets, isOfMake }]: (typeof ALL)[number]): string {
  const option = flag === undefined ? '' : `\`${flag.split(' ')[0]}\` `;
  const scope = isOfMake ? 'for make: ' : targets === undefined ? '' : `for ${targets}: `;
  const standard = usually ?? (usual === undefined ? undefined : `\`${usual}\``);
  const meaning = `${scope}${about}${standard === undefined ? '' : ` (default: ${standard})`}`;
  return `| \`${name}\` | ${option}| ${meaning}${details === undefined ? '' : `. ${details}`} |\n`;
}

/** Returns the lines of `make help` for all settings, as comments of the Makefile. */
export const settingHelp = async (): Promise<string> =>
  ALL.map(([name, { about, value, usual, usually, targets }]) => {
    const standard = name === 'CONTRACT' ? REFERENCE_CONTRACT : (usually ?? usual);
    const scope = targets === undefined ? '' : `${targets}: `;
    const text = `${scope}${about}${standard === undefined ? '' : ` (default: ${standard})`}`;
    return `#  ${`${name}=${value}`.padEnd(31)} ${text}\n`;
  }).join('');
