import { gzipSync } from 'node:zlib';
import { PbfWriter } from 'pbf';
import { expect, test } from 'vitest';
import { secrets } from '../../../../harness/base/secrets.ts';
import type { SpanEvent } from '../../../../harness/history/events.ts';
import { receiveOtlp } from '../../../../harness/lab/traces/otlp-receiver.ts';

const PREFIX = '0af7651916cd43dd';
const TRACE = `${PREFIX}8448eb211c80319c`;
const [PARENT, ID] = ['00f067aa0ba902b7', 'b7ad6b7169203331'];
const AT = 1_764_230_400_000;

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/x-protobuf';

/** Returns the spans that a receiver records for what is sent to it. */
async function received(send: (url: string) => Promise<unknown>): Promise<SpanEvent[]> {
  const spans: SpanEvent[] = [];
  {
    await using receiver = await receiveOtlp(PREFIX, (span) => spans.push(span));
    await send(receiver.url);
  }
  return spans;
}

const post = (url: string, type: string, body: string | Buffer<ArrayBuffer>, headers = {}) =>
  fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body });

const exported = (span: object = {}): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            scope: { name: 'http' },
            spans: [
              {
                traceId: TRACE.toUpperCase(),
                spanId: ID,
                parentSpanId: PARENT,
                name: 'GET /orders',
                kind: 2,
                startTimeUnixNano: `${AT}250000`,
                endTimeUnixNano: `${AT + 40}500000`,
                attributes: [{ key: 'http.route', value: { stringValue: '/orders' } }],
                status: { code: 2, message: 'no connection' },
                ...span,
              },
            ],
          },
        ],
      },
    ],
  });

/** The same export as a protobuf message, with fields that are not read. */
function encoded(): Buffer<ArrayBuffer> {
  const pbf = new PbfWriter();
  const attribute = (field: number, key: string, value: string) =>
    pbf.writeMessage(
      field,
      () => {
        pbf.writeStringField(1, key);
        pbf.writeMessage(2, () => pbf.writeStringField(1, value), {});
      },
      {},
    );
  const span = () => {
    pbf.writeBytesField(1, Buffer.from(TRACE, 'hex'));
    pbf.writeBytesField(2, Buffer.from(ID, 'hex'));
    pbf.writeStringField(3, 'a=b');
    pbf.writeBytesField(4, Buffer.from(PARENT, 'hex'));
    pbf.writeStringField(5, 'GET /orders');
    pbf.writeVarintField(6, 2);
    pbf.writeFixed64Field(7, AT * 1e6 + 250_000);
    pbf.writeFixed64Field(8, (AT + 40) * 1e6 + 500_000);
    attribute(9, 'service.name', 'an attribute of the span');
    pbf.writeMessage(
      15,
      () => {
        pbf.writeStringField(2, 'no connection');
        pbf.writeVarintField(3, 2);
      },
      {},
    );
    pbf.writeFixed32Field(16, 1);
  };
  const scope = () => {
    pbf.writeMessage(1, () => pbf.writeStringField(1, 'http'), {});
    pbf.writeMessage(2, span, {});
  };
  const resource = () => {
    attribute(1, 'service.name', 'shop');
    attribute(1, 'service.version', '1');
  };
  pbf.writeMessage(
    1,
    () => {
      // Fields may come in any order.
      pbf.writeMessage(2, scope, {});
      pbf.writeMessage(1, resource, {});
    },
    {},
  );
  return Buffer.from(pbf.finish());
}

test.each<[string, string, string | Buffer<ArrayBuffer>, object]>([
  ['JSON', JSON_TYPE, exported(), {}],
  ['JSON with a character set', 'application/json; charset=utf-8', exported(), {}],
  ['compressed JSON', JSON_TYPE, gzipSync(exported()), { 'content-encoding': 'gzip' }],
  ['protobuf', PROTOBUF, encoded(), {}],
  ['compressed protobuf', PROTOBUF, gzipSync(encoded()), { 'content-encoding': 'gzip' }],
])('a span in %s is recorded with its service, times and status', async (_, type, body, headers) => {
  const spans = await received(async (url) => {
    const response = await post(`${url}/v1/traces`, type, body, headers);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining(type)]);
  });
  expect(spans).toEqual([
    {
      type: 'span',
      trace: TRACE,
      id: ID,
      parent: PARENT,
      service: 'shop',
      name: 'GET /orders',
      at: expect.closeTo(AT + 0.25, 2),
      ms: expect.closeTo(40.25, 2),
      failed: true,
      message: 'no connection',
    },
  ]);
});

test('a span without a parent or an error has neither', async () => {
  const spans = await received((url) =>
    post(`${url}/v1/traces`, JSON_TYPE, exported({ parentSpanId: undefined, status: undefined })),
  );
  expect(spans).toEqual([expect.objectContaining({ id: ID, failed: false })]);
  expect(Object.keys(spans[0] ?? {})).not.toEqual(expect.arrayContaining(['parent']));
  expect(Object.keys(spans[0] ?? {})).not.toEqual(expect.arrayContaining(['message']));
});

test('spans of traces that the scenario did not begin are dropped', async () => {
  const spans = await received((url) =>
    post(`${url}/v1/traces`, JSON_TYPE, exported({ traceId: '4bf92f3577b34da6a3ce929d0e0e4736' })),
  );
  expect(spans).toEqual([]);
});

test('secrets in names and messages are replaced', async () => {
  secrets.hide('sk-in-a-span');
  const span = { name: 'GET /?key=sk-in-a-span', status: { code: 2, message: 'sk-in-a-span is wrong' } };
  const spans = await received((url) => post(`${url}/v1/traces`, JSON_TYPE, exported(span)));
  expect(JSON.stringify(spans)).not.toContain('sk-in-a-span');
  expect(spans).toMatchObject([{ name: 'GET /?key=REDACTED', message: 'REDACTED is wrong' }]);
});

test('metrics and logs are accepted and ignored', async () => {
  const spans = await received(async (url) => {
    for (const signal of ['metrics', 'logs']) {
      expect((await post(`${url}/v1/${signal}`, JSON_TYPE, '{"anything":1}')).status).toBe(200);
    }
  });
  expect(spans).toEqual([]);
});

test.each<[string, number, string, (url: string) => Promise<Response>]>([
  ['another token', 403, 'wrong-token', (url) => post(`${new URL(url).origin}/x/v1/traces`, JSON_TYPE, exported())],
  ['another path', 404, 'unknown-route', (url) => post(`${url}/v2/traces`, JSON_TYPE, exported())],
  ['another type', 415, 'unknown-content-type', (url) => post(`${url}/v1/traces`, 'text/plain', exported())],
  ['damaged JSON', 400, 'invalid-spans', (url) => post(`${url}/v1/traces`, JSON_TYPE, exported().slice(1))],
  ['other JSON', 400, 'invalid-spans', (url) => post(`${url}/v1/traces`, JSON_TYPE, exported({ spanId: 7 }))],
  ['no number', 400, 'invalid-spans', (url) => post(`${url}/v1/traces`, JSON_TYPE, exported({ endTimeUnixNano: 'x' }))],
  ['damaged protobuf', 400, 'invalid-spans', (url) => post(`${url}/v1/traces`, PROTOBUF, encoded().subarray(0, 60))],
])('a request with %s is refused with %i', async (_, status, code, send) => {
  const spans = await received(async (url) => {
    const response = await send(url);
    expect([response.status, await response.json()]).toEqual([status, { error: expect.objectContaining({ code }) }]);
  });
  expect(spans).toEqual([]);
});
