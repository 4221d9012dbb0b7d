import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createX509Module } from '../../../engine/modules/x509.ts';

const { parse, getAltNames, getIssuer, getSubject } = createX509Module() as Record<string, (pem: unknown) => unknown>;

interface Recorded {
  readonly pem: string;
  readonly parsed: { altNames: string[]; issuer: object; subject: object };
}

/** What k6 v2.2.0 returned. JSON has no big integers, so they are strings that end in `n`. */
const recorded = JSON.parse(readFileSync(new URL('../recorded/x509.json', import.meta.url), 'utf8'), (_, value) =>
  /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
) as Recorded[];

test.each(recorded)('a certificate has the fields that k6 gives it', ({ pem, parsed }) => {
  expect(parse?.(pem)).toEqual(parsed);
  expect(parse?.(new TextEncoder().encode(`something before\n${pem}`).buffer)).toEqual(parsed);
  expect([getAltNames?.(pem), getIssuer?.(pem), getSubject?.(pem)]).toEqual([
    parsed.altNames,
    parsed.issuer,
    parsed.subject,
  ]);
});

test.each([
  ['nothing', 'failed to decode certificate PEM file'],
  [undefined, 'failed to decode certificate PEM file'],
  ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /^failed to parse certificate: /],
])('%j is refused', (pem, message) => {
  expect(() => getSubject?.(pem)).toThrow(message);
});

test('a certificate with another kind of key is refused by parse() only', () => {
  const pem = `-----BEGIN CERTIFICATE-----
MIIBLjCB4aADAgECAhRmwFZOks8CoFJ2AfIs7kRgmn1uajAFBgMrZXAwDTELMAkG
A1UEAwwCZWQwHhcNMjYxMTI3MDgyMjU5WhcNMjYxMTMwMDgyMjU5WjANMQswCQYD
VQQDDAJlZDAqMAUGAytlcAMhACmqtD2O5brM+jsGvinDo2yiTfc5itnK+NuR0SAN
OOWbo1MwUTAdBgNVHQ4EFgQUc8z88U0+UiCsfyBXiovekkM4IN0wHwYDVR0jBBgw
FoAUc8z88U0+UiCsfyBXiovekkM4IN0wDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXAD
QQCLAU1vT4wZk06BVu6OkWn4yfw+N7ks3mcMXO5XpHavulDDSOKw4m8azjsF/krB
xTYpjD9uyfzobCvNlOZBZdUO
-----END CERTIFICATE-----
`;
  expect(() => parse?.(pem)).toThrow('unsupported public key algorithm');
  expect(getSubject?.(pem)).toMatchObject({ commonName: 'ed' });
});
