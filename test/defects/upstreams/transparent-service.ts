/** A proxy that passes on what an LLM API answers (see transparent.ts). The argument is a defect, if any. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

const { PORT, LLM_HOST = '', LLM_PORT } = process.env;
const [, , DEFECT] = process.argv;

/** How long the API may be silent, in milliseconds. */
const TIMEOUT_MS = 1_000;

/** Passes on an answer as it comes, and its abnormal end. */
function passOn(answer: IncomingMessage, outgoing: ServerResponse): void {
  const { statusCode = 502, headers } = answer;
  if (DEFECT === 'error-page-instead-of-the-answer' && statusCode >= 500) {
    answer.resume();
    outgoing.writeHead(502).end('{"error":"bad gateway"}');
    return;
  }
  outgoing.writeHead(statusCode, { 'content-type': headers['content-type'] });
  answer.on('data', (chunk) => outgoing.write(chunk));
  answer.on('end', () => {
    outgoing.end(DEFECT === 'end-of-a-stream-made-up' ? 'data: [DONE]\n\n' : '');
  });
  answer.on('error', () => {
    if (DEFECT === 'broken-answer-ended-cleanly') outgoing.end();
    else outgoing.destroy();
  });
}

/** Passes on an answer as it understands it. */
async function passOnAsRead(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks = await Array.fromAsync(answer as AsyncIterable<Buffer>);
  const text = Buffer.concat(chunks).toString();
  outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] });
  outgoing.end(text.replaceAll("'", '"'));
}

const server = createServer((incoming, outgoing) => {
  if (incoming.url === '/health') {
    outgoing.end();
    return;
  }
  const { method, url: path, headers } = incoming;
  const call = request({ host: LLM_HOST, port: LLM_PORT, method, path, headers, timeout: TIMEOUT_MS }, (answer) => {
    if (DEFECT === 'body-written-again') void passOnAsRead(answer, outgoing).catch(() => outgoing.destroy());
    else passOn(answer, outgoing);
  });
  call.once('timeout', () => call.destroy());
  call.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end();
  });
  outgoing.once('close', () => call.destroy());
  incoming.pipe(call);
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
