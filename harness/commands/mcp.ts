import { Command } from 'commander';
import { serveMcp } from '../mcp/serve.ts';
import { resultsOption } from './options.ts';

/** Implements `proofload mcp`, an MCP server on standard input and output. */
export const mcp = (): Command =>
  new Command('mcp')
    .addOption(resultsOption())
    .addHelpText(
      'after',
      '\nA client starts it in the service\'s folder: { "command": "npx", "args": ["proofload", "mcp"] }.',
    )
    .action(({ results }: { results: string }) => serveMcp(results));
