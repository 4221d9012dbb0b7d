import { fails, holds, type Item, unknown } from './item.ts';

export const sslVerification: Item = {
  title: 'SSL verification on',
  judge({ metrics }) {
    const on = 'value' in metrics ? metrics.value.get('protection_enabled{protection="ssl_verify"}') : undefined;
    if (on === undefined) {
      const why = 'missing' in metrics ? metrics.missing : '/metrics does not show it';
      return unknown(`${why}. To check: make chaos SCENARIO=chaos/impostor`);
    }
    return on === 1
      ? holds('protection_enabled{protection="ssl_verify"} is 1; it covers both external APIs')
      : fails('SSL_VERIFY_ENABLED is False: anyone can impersonate the external APIs');
  },
};
