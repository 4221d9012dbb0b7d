import { expect, test } from 'vitest';
import { temporaryFile } from '../../support/temporary-folder.ts';
import { interview } from './interview.ts';

const BARE = { upstreams: 'none', databaseSetting: 'none', limit: 'none' };
const CONTENT = `port: 8080\nformat: "\${date} ${'x'.repeat(150)}"\n`;

async function configFile(): Promise<string> {
  return temporaryFile('config.yaml', CONTENT);
}

test('a configuration file is copied, and the command gets the path of the copy', async () => {
  const path = await configFile();
  const { contract, questions } = await interview({ ...BARE, command: `serve --config=${path} -v`, configFile: path });
  expect(contract.files).toEqual({ 'config.yaml': CONTENT.replace('${', () => '$${') });
  expect(contract.start.command).toEqual(['serve', '--config=${folder}/config.yaml', '-v']);
  expect(questions).not.toContain('configSetting');
});

test('a command that has the path of the copy already remains', async () => {
  const command = 'serve ${folder}/config.yaml';
  const { contract, questions } = await interview({ ...BARE, command, configFile: await configFile() });
  expect(contract.start.command).toEqual(command.split(' '));
  expect(questions).not.toContain('configSetting');
});

test('a setting has the path if the command does not', async () => {
  const { contract } = await interview({ ...BARE, configFile: await configFile(), configSetting: 'SHOP_CONFIG' });
  expect(contract.environment).toEqual({ SHOP_CONFIG: '${folder}/config.yaml', PORT: '${port}' });
  expect(contract.start.command).toEqual(['node', 'server.js']);
});

test('a file that does not exist is refused', async () => {
  await expect(interview({ ...BARE, configFile: './nowhere.yaml' })).rejects.toThrow(
    'none, or a file that exists, such as ./config.yaml',
  );
});
