import { serveMcp } from '../mcp/serve.ts';

/** Implements `proofload mcp`, an MCP server on standard input and output. */
export const mcp = ({ results }: { results: string }): Promise<void> => serveMcp(results);
