import { fails, holds, type Item, unknown } from './item.ts';

export const dependenciesInstalled: Item = {
  title: 'Dependencies installed',
  judge({ packages }) {
    if ('missing' in packages) return unknown(`${packages.missing}. To see: npm ls, where the service is deployed`);
    const { asked, wrong } = packages.value;
    if (wrong.length > 0) return fails(`not as package-lock.json says: ${wrong.slice(0, 5).join(', ')}`);
    return holds(`all ${asked} packages of package-lock.json, at its versions, in this checkout`);
  },
};
