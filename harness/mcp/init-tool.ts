import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CONTRACT_NAMES } from '../base/settings.ts';
import { callText, common } from './answer.ts';
import { errorOf, runCli } from './run-cli.ts';
import { tool } from './tool.ts';

const [FILE] = CONTRACT_NAMES;

export const initTool = tool({
  name: 'init',
  description: `Write ${FILE}, a contract of what the service promises, from the files in the service's folder.`,
  input: z.strictObject({ force: z.boolean().default(false).describe('Replace an existing contract.') }),
  output: z.object({
    contract: z.string(),
    found: z.array(z.string()).describe('What the files say, with the file that says so.'),
    text: z.string().describe('The contract.'),
    ...common,
  }),
  isReadOnly: false,
  async call({ force }, { signal }) {
    const outcome = await runCli(['init', FILE, '--yes', ...(force ? ['--force'] : [])], { signal });
    if (outcome.exitCode !== 0) throw errorOf(outcome);
    return {
      contract: FILE,
      found: outcome.stdout.split('\n').filter((line) => / \(from .+\)$/.test(line)),
      text: await readFile(FILE, 'utf8'),
      next: [`read the contract and correct it (proofload://docs/how-to/README.md), then ${callText('doctor')}`],
    };
  },
});
