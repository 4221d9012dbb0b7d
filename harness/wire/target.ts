import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { WireAnswer } from './exchange.ts';

/** The address of the service. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Its host and port as in a request. */
  readonly authority: string;
  readonly isTls: boolean;
}

/** @param origin The service's origin, such as `https://[::1]:8443`. */
export function targetOf(origin: string): Target {
  const { protocol, hostname, host, port } = new URL(origin);
  const isTls = protocol === 'https:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    authority: host,
    isTls,
  };
}

/** Begins the request to the service that a caller has sent to the proxy. The body is not sent. */
export function requestTo(target: Target, { method, url, rawHeaders, socket }: IncomingMessage): ClientRequest {
  const { host, port, isTls } = target;
  const send = isTls ? requestTls : requestPlain;
  return send({
    host,
    port,
    method,
    path: url,
    headers: withHost(rawHeaders, target).flat(),
    setHost: false,
    agent: false,
    ...fromCaller(target, socket),
  });
}

/** Connects to the service and begins the request of a caller that wants to switch to another protocol. */
export function upgradeTo(target: Target, { method, url, rawHeaders, httpVersion, socket }: IncomingMessage): Socket {
  const { host, port, isTls } = target;
  const from = fromCaller(target, socket);
  const onward = isTls
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) })
    : connectPlain({ host, port, ...from });
  const lines = withHost(rawHeaders, target).map(([name, value]) => `${name}: ${value}\r\n`);
  onward.write(`${method} ${url} HTTP/${httpVersion}\r\n${lines.join('')}\r\n`, 'latin1');
  return onward;
}

/** Whether the service accepts connections. */
export const accepts = ({ host, port }: Target): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectPlain({ host, port });
    const end = (isOpen: boolean) => () => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });

/** Limits by address must see the callers' own loopback addresses. */
const fromCaller = ({ host }: Target, { remoteAddress = '' }: Pick<Socket, 'remoteAddress'>) =>
  host.startsWith('127.') && remoteAddress.startsWith('127.') ? { localAddress: remoteAddress } : {};

const withHost = (raw: readonly string[], { authority }: Target): WireAnswer['headers'] =>
  pairsOf(raw).map(([name, value]) => [name, name.toLowerCase() === 'host' ? authority : value]);

/** Returns raw headers, which are names and values one after another, in pairs. */
export const pairsOf = (raw: readonly string[]): [string, string][] =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);
