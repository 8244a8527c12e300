/** The folder that the user stands in may be the card: tools are started elsewhere. */
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {startTool} from '../../src/system/keep-awake/start-tool.ts';
import {OWN_FOLDER} from '../../src/system/own-folder.ts';
import {runTool} from '../../src/system/tools.ts';
import {realVolumeTools} from '../../src/system/volumes/volume-tools.ts';
import {makeTemporaryFolder} from '../helpers/temporary-folder.ts';

/** Says where it stands, and ends with an error when that is not the program's folder. */
const SCRIPT = `console.log(process.cwd()); process.exitCode = process.cwd() === ${JSON.stringify(OWN_FOLDER)} ? 0 : 1`;
const ARGUMENTS = ['-e', SCRIPT];

test.serial('threat: tools do not stand on the card that the user stands on', async (t) => {
  const card = join(await makeTemporaryFolder(t), 'card');
  await mkdir(card);
  const before = process.cwd();
  process.chdir(card);
  try {
    t.like(await runTool(process.execPath, ARGUMENTS), {ok: true, value: OWN_FOLDER});
    const {run} = realVolumeTools(process.platform);
    t.like(await run(process.execPath, ARGUMENTS), {ok: true, value: OWN_FOLDER});
    // It speaks only when it stands in the right place.
    const quiet = `if (process.cwd() === ${JSON.stringify(OWN_FOLDER)}) console.log('here')`;
    const tool = startTool(process.execPath, ['-e', quiet]);
    t.true((await tool.answered).ok);
    await tool.end();
  } finally {
    process.chdir(before);
  }
});
