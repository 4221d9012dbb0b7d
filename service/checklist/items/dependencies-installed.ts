import { fails, holds, type Item, unknown } from './item.ts';

export const dependenciesInstalled: Item = {
  title: 'Dependencies installed',
  judge({ packages }) {
    if ('missing' in packages) return unknown(`${packages.missing}. To check: run npm ls on the deployed service`);
    const { needed, wrong } = packages.value;
    if (wrong.length > 0) return fails(`different from package-lock.json: ${wrong.slice(0, 5).join(', ')}`);
    return holds(`all ${needed} packages of package-lock.json are installed in this checkout, in the right versions`);
  },
};
