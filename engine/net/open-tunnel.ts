import type { Socket } from 'node:net';
import type { HttpProxy } from './proxies.ts';
import { parseHead } from './response-head.ts';

const HEAD_END = '\r\n\r\n';

/** Maximum size in bytes of a proxy's response to CONNECT. */
const MAX_HEAD = 64 * 1_024;

/**
 * Opens a tunnel to another host through an open connection to a proxy.
 *
 * @param origin The target's origin, such as `https://api.test`.
 * @param done Called once with null, or with an error that has Go's message.
 */
export function openTunnel(
  socket: Socket,
  proxy: HttpProxy,
  origin: string,
  done: (error: Error | null) => void,
): void {
  const { hostname, port, protocol } = new URL(origin);
  const authority = `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  const authorization = proxy.authorization === undefined ? '' : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  let head = '';
  const end = (error: Error | null) => {
    socket.off('data', onData).off('close', onClose).off('error', end);
    socket.pause();
    done(error);
  };
  const onClose = () => end(new Error('unexpected EOF'));
  const onData = (bytes: Buffer) => {
    head += bytes.toString('latin1');
    const at = head.indexOf(HEAD_END);
    if (at < 0 && head.length < MAX_HEAD) return;
    const answer = at < 0 ? undefined : parseHead(head.slice(0, at));
    const rest = head.slice(at + HEAD_END.length);
    if (answer?.status === 200) {
      end(null);
      if (rest !== '') socket.unshift(Buffer.from(rest, 'latin1'));
    } else
      end(
        new Error(
          answer
            ? answer.statusText || 'unknown status code'
            : `malformed HTTP response ${JSON.stringify(head.split('\r\n')[0])}`,
        ),
      );
  };
  socket.on('data', onData).once('close', onClose).once('error', end);
  socket.write(
    `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: Go-http-client/1.1\r\n${authorization}\r\n`,
  );
}
