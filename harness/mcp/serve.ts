import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { messageOf } from '../base/errors.ts';
import { importOptional } from '../base/import-optional.ts';
import { listResources, readResource } from './resources.ts';
import { type Tool, toolsFor } from './tools.ts';

const PURPOSE = '"proofload mcp"';

const INSTRUCTIONS = `proofload tests whether the protections of a service hold (rate limits, breakers, timeouts, retries, streams).
Without proofload.yaml in the folder, call init, then read it and correct it (proofload://docs/your-service.md).
Call doctor until the contract matches, then run ["stress", "chaos"]. If a check does not pass, call why.`;

/**
 * Serves the tools and resources to one client of the Model Context Protocol, over standard input and output, until the
 * input ends or a signal arrives.
 *
 * @throws ProofloadError PACKAGE_MISSING if the protocol's SDK is not installed
 */
export async function serveMcp(results: string): Promise<void> {
  const { Server } = await importOptional('@modelcontextprotocol/sdk/server/index.js', PURPOSE);
  const { StdioServerTransport } = await importOptional('@modelcontextprotocol/sdk/server/stdio.js', PURPOSE);
  const types = await importOptional('@modelcontextprotocol/sdk/types.js', PURPOSE);
  const server = new Server(
    { name: 'proofload', version: manifest.version },
    { capabilities: { tools: {}, resources: {} }, instructions: INSTRUCTIONS },
  );
  const tools = toolsFor(results);
  server.setRequestHandler(types.ListToolsRequestSchema, () => ({ tools: tools.map(describeTool) }));
  server.setRequestHandler(types.ListResourcesRequestSchema, async () => ({ resources: await listResources(results) }));
  server.setRequestHandler(types.ReadResourceRequestSchema, async ({ params: { uri } }) => ({
    contents: [{ uri, ...(await readResource(uri, results)) }],
  }));
  server.setRequestHandler(types.CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) {
      const known = tools.map(({ name }) => name).join(', ');
      return failed(`there is no tool "${params.name}"; allowed: ${known}`);
    }
    const token = params._meta?.progressToken;
    let progress = 0;
    const line = (message: string): void => {
      if (token === undefined || message.trim() === '') return;
      progress += 1;
      void sendNotification({ method: 'notifications/progress', params: { progressToken: token, progress, message } });
    };
    try {
      const { text, data, isError } = await tool.call(params.arguments ?? {}, { signal, line });
      return { content: [{ type: 'text', text }], ...(data && { structuredContent: data }), isError };
    } catch (error) {
      return failed(error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error));
    }
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  // Closing aborts what is running. Its process then cleans up.
  const close = (): void => void server.close();
  process.stdin.once('end', close);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, close);
  await server.connect(new StdioServerTransport());
  await closed;
}

const failed = (text: string) => ({ content: [{ type: 'text' as const, text }], isError: true });

const describeTool = ({ name, description, input, isReadOnly }: Tool) => ({
  name,
  description,
  inputSchema: z.toJSONSchema(input, { io: 'input' }) as { type: 'object' },
  annotations: { readOnlyHint: isReadOnly },
});
