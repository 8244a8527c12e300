/** Who may read and write what the program makes, under every umask that people have. */
import {lstat, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {shootSingle} from '../../samples/camera-roll.ts';
import {clockTime} from '../../samples/card-time.ts';
import {openCatalog} from '../../src/catalog/open-catalog.ts';
import {askExiftool} from '../../src/system/exiftool.ts';
import {interceptCalls} from '../helpers/faulty-files.ts';
import {makeTrial, offloadTrial, testFiles} from '../helpers/run-offload.ts';
import {makeTemporaryFolder, skip} from '../helpers/temporary-folder.ts';

const OTHERS_WRITE = 0o022;
const OTHERS_AT_ALL = 0o077;

const hasModes = process.platform !== 'win32';

/** The umask belongs to the whole process: these tests run one after the other. */
const underUmask = (mask: number, name: string, work: (t: ExecutionContext) => Promise<void>) =>
  test.serial(`umask ${mask.toString(8).padStart(3, '0')}: ${name}`, async (t) => {
    if (!hasModes) return skip(t, 'this system has no modes');
    const before = process.umask(mask);
    try {
      await work(t);
    } finally {
      process.umask(before);
    }
  });

async function findModes(root: string): Promise<ReadonlyMap<string, number>> {
  const modes = new Map<string, number>();
  for (const name of await readdir(root, {recursive: true})) {
    modes.set(name, (await lstat(join(root, name))).mode & 0o7777);
  }
  return modes;
}

const inOctal = (modes: ReadonlyMap<string, number>, forbidden: number) =>
  [...modes]
    .filter(([, mode]) => (mode & forbidden) !== 0)
    .map(([name, mode]) => `${name} ${mode.toString(8)}`);

/** Files that remember the modes of all that was ever made, temporary copies, journals and locks among it. */
function remembersModes(made: Map<string, number>) {
  return interceptCalls(testFiles, async ({method, path}, proceed) => {
    const value = await proceed();
    if (method === 'createFile' || method === 'makeFolder')
      made.set(path, (await lstat(path)).mode & 0o7777);
    return value;
  });
}

for (const mask of [0o000, 0o022, 0o077]) {
  underUmask(mask, 'what lies on a drive can be written by its owner only', async (t) => {
    const trial = await makeTrial(t);
    const made = new Map<string, number>();
    const report = await offloadTrial(trial, {files: remembersModes(made)});
    t.is(report.end.exitCode, 0);
    t.true([...made.keys()].some((path) => path.endsWith('.journal')));
    t.true([...made.keys()].some((path) => path.endsWith('/lock')));
    t.deepEqual(inOctal(made, OTHERS_WRITE), []);
    for (const to of [trial.w, trial.b]) {
      const modes = await findModes(to);
      t.true(modes.size > 8);
      t.deepEqual(inOctal(modes, OTHERS_WRITE), []);
      const readable = [...modes.values()].every((mode) => (mode & 0o044) !== 0);
      t.is(readable, mask !== 0o077, 'the user’s umask decides who may read');
    }
  });

  underUmask(mask, 'the catalog and its folder are for their owner alone', async (t) => {
    const home = await makeTemporaryFolder(t);
    const catalog = await openCatalog({path: join(home, 'made/data/catalog.sqlite')});
    if (!catalog.ok) return t.fail(catalog.cause.message);
    // A write makes the log beside the file.
    const noted = await catalog.value.noteStarted({
      offload: 'one',
      cardId: 'card',
      label: 'EOS',
      shoot: 'Shoot',
      fingerprint: 'f',
      startedAt: '2026-11-22T19:00:01.000Z',
      files: 1,
      bytes: 1,
    });
    t.true(noted.ok);
    const modes = await findModes(home);
    await catalog.value.close();
    t.true(modes.has('made/data/catalog.sqlite') && modes.has('made/data/catalog.sqlite-wal'));
    t.deepEqual(inOctal(modes, OTHERS_AT_ALL), []);
  });

  underUmask(mask, 'the head of a picture is for its owner alone, and is taken away', async (t) => {
    const folder = await makeTemporaryFolder(t);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    const seen = new Map<string, number>();
    try {
      const {bytes} = shootSingle(1, 'DCIM/IMG_0001.JPG', clockTime(10, 0));
      let isOver = false;
      const asking = askExiftool(bytes, 'IMG_0001.JPG', ['-Model']).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        // It may go while it is looked at.
        for (const [name, mode] of await findModes(folder).catch(() => [] as const))
          seen.set(name, mode);
        await setTimeout(5);
      }
      await asking;
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    t.is(seen.size, 2);
    t.deepEqual(inOctal(seen, OTHERS_AT_ALL), []);
    t.deepEqual(await readdir(folder), []);
  });
}
