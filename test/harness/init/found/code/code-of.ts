import { Code } from '../../../../../harness/init/found/code/code.ts';
import { go } from '../../../../../harness/init/found/code/go.ts';
import { javascript } from '../../../../../harness/init/found/code/javascript.ts';
import { python } from '../../../../../harness/init/found/code/python.ts';
import { readModule } from '../../../../../harness/init/found/code/syntax.ts';

const languageOf = (file: string) => (file.endsWith('.py') ? python : file.endsWith('.go') ? go : javascript);

/** Returns the code in these files, with an example of the environment. */
export const codeOf = (files: Record<string, string>, examples: Record<string, string> = {}): Code =>
  new Code(
    Object.entries(files).map(([file, text]) => readModule(languageOf(file), file, text)),
    examples,
  );
