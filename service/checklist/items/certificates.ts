import type { SeenCertificate } from '../observe/observations.ts';
import { fails, holds, type Item, unknown, warns } from './item.ts';

const DAY_MS = 86_400_000;

/** Certificates are renewed well before this. Those with a short term are renewed when a third of it is left. */
const RENEWED_BY_MS = 14 * DAY_MS;

/** OpenSSL's names of common problems, in words. */
const PROBLEMS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not yet valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'the CA is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'the chain is incomplete',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the CA is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the CA is not trusted, or the chain is incomplete',
  UNSPECIFIED: 'OpenSSL does not accept the certificate, for example because its key is too weak',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host name',
};

const OF_A_CA = 'For a CA of your own, set NODE_EXTRA_CA_CERTS here as for the service';

export const certificates: Item = {
  title: 'Certificates of both external APIs',
  judge({ certificates: looked, now }) {
    if ('missing' in looked) return unknown(`${looked.missing}. To check: ${howTo('HOST')}`);
    if (looked.value.length < 2)
      return fails('not both external APIs are called over TLS, so they have no certificate');
    const bad = looked.value.filter(({ problem }) => problem !== undefined);
    if (bad.length > 0) return fails(`${bad.map(describeProblem).join('; ')}. ${OF_A_CA}`);
    const unreachable = looked.value.find((certificate) => certificate.unreachable !== undefined);
    if (unreachable) {
      const { title, origin, unreachable: why } = unreachable;
      return unknown(
        `${title}: ${origin} can't be reached from here: ${why}. To check: ${howTo(new URL(origin).host)}`,
      );
    }
    const shown = looked.value.map((certificate) => describeEnd(certificate, now)).join('; ');
    return looked.value.some((certificate) => endsSoon(certificate, now))
      ? warns(`${shown}. Calls will fail when it has expired`)
      : holds(`chain, host name and dates are right: ${shown}`);
  },
};

const howTo = (host: string) =>
  `openssl s_client -verify_return_error -connect ${host.includes(':') ? host : `${host}:443`}`;

const describeProblem = ({ title, origin, problem = '' }: SeenCertificate): string =>
  `${title} at ${origin}: ${PROBLEMS[problem] ? `${PROBLEMS[problem]} (${problem})` : problem}`;

const endsSoon = ({ terms = [] }: SeenCertificate, now: number): boolean =>
  terms.some(({ from, to }) => to - now < Math.min(RENEWED_BY_MS, (to - from) / 3));

function describeEnd({ title, origin, terms = [] }: SeenCertificate, now: number): string {
  const end = Math.min(...terms.map(({ to }) => to));
  const days = Math.floor((end - now) / DAY_MS);
  return `${title} at ${origin} until ${new Date(end).toISOString().slice(0, 10)} (${days} days)`;
}
