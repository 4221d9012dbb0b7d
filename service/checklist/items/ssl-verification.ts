import { calledUpstreams } from '../observe/called-upstreams.ts';
import { fails, holds, type Item, unknown } from './item.ts';

const HOW = 'To check: make chaos SCENARIO=chaos/impostor';

export const sslVerification: Item = {
  title: 'SSL verification on',
  judge({ metrics }) {
    if ('missing' in metrics) return unknown(`${metrics.missing}. ${HOW}`);
    const on = metrics.value.get('protection_enabled{protection="ssl_verify"}');
    const upstreams = calledUpstreams(metrics.value);
    if (on === undefined || upstreams === undefined) return unknown(`/metrics does not show it. ${HOW}`);
    if (on !== 1) return fails('SSL_VERIFY_ENABLED is False: anyone can impersonate the external APIs');
    const plain = upstreams.filter(({ isTls }) => !isTls);
    if (plain.length > 0) {
      const shown = plain.map(({ title, origin }) => `the ${title} at ${origin}`).join(' and ');
      return fails(`${shown}: in plain text, so anyone can read the calls and impersonate it`);
    }
    const origins = upstreams.map(({ origin }) => origin).join(' and ');
    return holds(`protection_enabled{protection="ssl_verify"} is 1; it covers ${origins}`);
  },
};
