/** `--report` and `offload report`: whole runs with real files. */
import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import sharp from 'sharp';
import {report} from '../../src/commands/report/report.ts';
import {causeText} from '../../src/core/cause-text.ts';
import type {OffloadEvent} from '../../src/core/events.ts';
import {REPORT_STYLE} from '../../src/core/report/report-style.ts';
import type {Files} from '../../src/system/files.ts';
import {badSectors, type Call, failsCalls, recordsCalls} from '../helpers/faulty-files.ts';
import {makeJpeg} from '../helpers/made-jpegs.ts';
import {
  findLitter,
  makeTrial,
  offloadTrial,
  type RunSetting,
  readManifests,
  runningPids,
  type Trial,
  testFiles,
  testProgram,
} from '../helpers/run-offload.ts';

const red = await makeJpeg({width: 60, height: 40, colour: '#ff0000'});
const blue = await makeJpeg({width: 640, height: 480, colour: '#0000ff'});
/** Lies on its side: upright it is 300 by 450. */
const turned = await makeJpeg({width: 450, height: 300, colour: '#00ff00', orientation: 6});
/** Too large for its thumbnail to be all of it: what fails lies behind it. */
const large = await makeJpeg({
  width: 900,
  height: 600,
  colour: '#808080',
  thumbnail: red,
  noise: true,
});

const CARD = {
  'DCIM/100CANON/IMG_0001.CR3': 5000,
  'DCIM/100CANON/IMG_0001.JPG': blue,
  'DCIM/100CANON/IMG_0002.JPG': turned,
  'DCIM/100CANON/IMG_0003.MP4': 3000,
  'DCIM/100CANON/IMG_0003.THM': red,
  'MISC/AUTPRINT.MRK': 'print',
};

const withReport = (setting: Partial<RunSetting> = {}): Partial<RunSetting> => ({
  ...setting,
  options: {...setting.options, report: true},
});

/** The one report of the trial's shoot on a destination. */
async function readReport(root: string): Promise<{html: string; csv: string}> {
  const folder = join(root, 'Shoot/_offload');
  const names = await readdir(folder);
  const read = async (end: string) => {
    const found = names.filter((name) => name.endsWith(end));
    if (found.length !== 1) throw new Error(`${found.length} files end with ${end}`);
    return await readFile(join(folder, found[0] ?? ''), 'utf8');
  };
  return {html: await read('.html'), csv: await read('.csv')};
}

const picturesIn = (html: string): readonly Buffer[] =>
  [...html.matchAll(/src="data:image\/jpeg;base64,([^"]+)"/g)].map(([, text = '']) =>
    Buffer.from(text, 'base64'),
  );

/** `r`, `g` or `b`: which colour a picture has most of. */
async function colourOf(jpeg: Buffer): Promise<string> {
  const {channels} = await sharp(jpeg).stats();
  const means = channels.map(({mean}) => mean);
  return 'rgb'.charAt(means.indexOf(Math.max(...means)));
}

const codesOf = (events: readonly OffloadEvent[]) =>
  events.flatMap((event) => (event.type === 'noticed' ? [event.code] : []));

test('page and table lie beside each manifest, with one frame for what belongs together', async (t) => {
  const trial = await makeTrial(t, CARD);
  const {end, events, verdicts} = await offloadTrial(trial, withReport());
  t.deepEqual(end, {outcome: 'complete', exitCode: 0});
  const {html, csv} = await readReport(trial.w);
  t.deepEqual(await readReport(trial.b), {html, csv});
  t.deepEqual(await findLitter(trial.folder), []);
  t.is(html.match(/<figure /g)?.length, 3);
  t.true(html.includes('<b><bdi>IMG_0001.CR3</bdi></b> <span class="more">+ <bdi>.JPG</bdi>'));
  t.true(html.includes('SAFE TO FORMAT'));
  const pictures = picturesIn(html);
  t.deepEqual(await Promise.all(pictures.map(colourOf)), ['b', 'g', 'r']);
  const {width = 0, height = 0} = await sharp(pictures[1]).metadata();
  t.true(height > width, 'what lay on its side stands upright');
  t.is(csv.split('\r\n').length, 1 + 6 + 1);
  t.is(verdicts.length, 1);
  const verdictAt = events.findIndex(({type}) => type === 'verdict');
  t.true(verdictAt < events.findIndex((event) => codesOf([event])[0] === 'report-begun'));
});

test('the page has no script, asks for nothing, and takes its own style only', async (t) => {
  const trial = await makeTrial(t, CARD);
  await offloadTrial(trial, withReport());
  const {html} = await readReport(trial.w);
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html) ?? [];
  const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(html) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  t.is(
    policy,
    `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
  );
  t.notRegex(html, /<script|\son\w+=|\sstyle=|https?:|<link|<iframe/i);
});

test('names of a hostile card are text in the page and no formula in the table', async (t) => {
  const trial = await makeTrial(t, {
    'DCIM/100CANON/<script>alert(1)<!--.JPG': blue,
    'DCIM/100CANON/" onload="x.JPG': blue,
    'DCIM/100CANON/new\nline.JPG': blue,
    'DCIM/100CANON/gpj.\u202eexe.JPG': blue,
    '=cmd|x.JPG': blue,
  });
  await offloadTrial(trial, withReport());
  const {html, csv} = await readReport(trial.w);
  t.notRegex(html, /<script|<!--|" onload|\u202e|new\nline/);
  t.true(html.includes('&lt;script&gt;alert(1)&lt;!--.JPG'));
  t.true(html.includes('new\\nline.JPG'));
  t.true(html.includes('gpj.\\u{202e}exe.JPG'));
  t.true(csv.includes("\r\n'=cmd|x.JPG,proved,"));
  t.true(csv.includes('"DCIM/100CANON/"" onload=""x.JPG"'));
  t.is(csv.trimEnd().split('\n').length, 1 + 5);
});

const LOST = 'DCIM/100CANON/IMG_0009.JPG';

async function offloadLost(t: ExecutionContext): Promise<Trial> {
  const trial = await makeTrial(t, {...CARD, [LOST]: large});
  const range = {from: large.length - 40_000, to: large.length - 39_000};
  const files = badSectors(testFiles, {path: join(trial.card, LOST), ranges: [range]});
  const {end} = await offloadTrial(trial, withReport({files, options: {salvage: true}}));
  t.deepEqual(end, {outcome: 'complete', exitCode: 1});
  return trial;
}

test('a lost picture comes first, with the thumbnail of its readable parts', async (t) => {
  const trial = await offloadLost(t);
  const {html, csv} = await readReport(trial.w);
  t.true(html.includes('NOT SAFE – do not format'));
  t.true(html.includes('<h2>Lost: 1 picture</h2>'));
  const loss = html.slice(html.indexOf('class="losses"'), html.indexOf('class="facts"'));
  t.true(loss.includes('<span class="flag">LOST</span>'));
  t.true(loss.includes('IMG_0009.JPG.salvaged'));
  const [first] = picturesIn(loss);
  t.is(await colourOf(first ?? Buffer.alloc(0)), 'r', 'the thumbnail is red, the picture is not');
  t.true(html.indexOf('class="losses"') < html.indexOf('Contact sheet'));
  t.is(html.slice(html.indexOf('Contact sheet')).includes('IMG_0009'), false);
  t.regex(csv, /IMG_0009\.JPG,lost,.*salvaged/);
});

test('the manifest says why a file failed and where its readable parts lie', async (t) => {
  const trial = await offloadLost(t);
  const [manifest] = await readManifests(join(trial.b, 'Shoot'));
  const files = manifest?.files ?? [];
  t.deepEqual(
    files.filter(({failures, salvaged}) => failures ?? salvaged).map(({path}) => path),
    [LOST],
  );
  const lost = files.find(({path}) => path === LOST);
  t.deepEqual(
    lost?.failures?.map(({code, destination}) => [code, destination]),
    [['EIO', undefined]],
  );
  t.deepEqual(
    lost?.salvaged?.map(({destination, target, bytes, missing}) => [
      manifest?.destinations.findIndex(({id}) => id === destination),
      target,
      bytes + missing,
    ]),
    [0, 1].map((index) => [index, `EOS/${LOST}.salvaged`, large.length]),
  );
});

test('after the verdict the card is not touched any more', async (t) => {
  const trial = await makeTrial(t, CARD);
  const calls: Call[] = [];
  let first = Number.NaN;
  const {end} = await offloadTrial(trial, {
    ...withReport({files: recordsCalls(testFiles, calls)}),
    onEvent(event) {
      if (event.type === 'verdict') first = calls.length;
    },
  });
  t.is(end.exitCode, 0);
  const later = calls.slice(first);
  t.true(later.some(({path}) => path.endsWith('IMG_0002.JPG')));
  t.deepEqual(
    later.filter(({path}) => path.startsWith(`${trial.card}/`)),
    [],
  );
});

test('Ctrl-C leaves the report out, and the verdict stands', async (t) => {
  const trial = await makeTrial(t, CARD);
  const stop = new AbortController();
  const {end, events} = await offloadTrial(trial, {
    ...withReport({stop}),
    onEvent: (event) => codesOf([event])[0] === 'report-begun' && stop.abort(),
  });
  t.deepEqual(end, {outcome: 'complete', exitCode: 0});
  t.true(codesOf(events).includes('report-stopped'));
  t.deepEqual(await findLitter(trial.folder), []);
  const names = await readdir(join(trial.w, 'Shoot/_offload'));
  t.deepEqual(
    names.filter((name) => /\.(?:html|csv)$/.test(name)),
    [],
  );
});

/** Only reports are hit. */
const isReport = (root: string) => (path: string) =>
  path.startsWith(`${root}/`) && /_offload\/\.offload-[^/]*-w[^/]*\.part$/.test(path);

for (const method of ['createFile', 'write', 'sync', 'replace'] as const) {
  test(`a drive that fails at ${method} has no report; the other has, and the verdict stands`, async (t) => {
    const trial = await makeTrial(t, CARD);
    let isOver = false;
    const match = (path: string) => isOver && isReport(trial.b)(path);
    const files: Files = failsCalls(testFiles, [method], match, 'ENOSPC');
    const {end, events} = await offloadTrial(trial, {
      ...withReport({files}),
      onEvent(event) {
        isOver ||= event.type === 'verdict';
      },
    });
    t.deepEqual(end, {outcome: 'complete', exitCode: 0});
    t.deepEqual(codesOf(events).slice(-3), ['ENOSPC', 'ENOSPC', 'report-written']);
    t.true((await readReport(trial.w)).html.endsWith('</html>\n'));
    await t.throwsAsync(readReport(trial.b));
    t.deepEqual(await findLitter(trial.folder), []);
  });
}

test('an interrupted offload has no report', async (t) => {
  const trial = await makeTrial(t, CARD);
  const stop = new AbortController();
  const {end, events} = await offloadTrial(trial, {
    ...withReport({stop}),
    onEvent: (event) => event.type === 'file-proved' && stop.abort(),
  });
  t.is(end.exitCode, 130);
  t.false(codesOf(events).some((code) => code.startsWith('report')));
});

async function reportLater(trial: Trial, paths: readonly string[], out?: string) {
  const program = testProgram({cards: [trial.card], to: [trial.w, trial.b]}, testFiles);
  const events: OffloadEvent[] = [];
  const emit = (event: OffloadEvent) => void events.push(event);
  const {signal} = new AbortController();
  const end = await report(program, {paths, out}, {emit, signal});
  runningPids.delete(program.self.pid);
  return {end, events};
}

test('offload report makes the same page later, from the record and the copies beside it', async (t) => {
  const trial = await offloadLost(t);
  const {html, csv} = await readReport(trial.w);
  const made = /<p>Made [^<]+<\/p>/;
  const {end} = await reportLater(trial, [join(trial.w, 'Shoot')]);
  t.is(end.exitCode, 0);
  const later = await readReport(trial.w);
  t.is(later.html.replace(made, ''), html.replace(made, ''));
  t.is(later.csv, csv);
  t.deepEqual(await findLitter(trial.folder), []);
});

test('offload report takes one manifest, and replaces nothing in a folder of the user', async (t) => {
  const trial = await makeTrial(t, CARD);
  await offloadTrial(trial);
  const [manifest] = await readManifests(join(trial.w, 'Shoot'));
  const id = manifest?.offload ?? '';
  const out = join(trial.folder, 'Reports');
  await mkdir(out);
  await writeFile(join(out, `${id}.html`), 'mine');
  const path = join(trial.w, 'Shoot/_offload', `${id}.json`);
  const {end, events} = await reportLater(trial, [path], out);
  t.is(end.exitCode, 0);
  t.deepEqual((await readdir(out)).sort(), [`${id}-2.html`, `${id}.csv`, `${id}.html`]);
  t.is(await readFile(join(out, `${id}.html`), 'utf8'), 'mine');
  t.deepEqual(codesOf(events), ['report-begun', 'report-written']);
});

test('offload report refuses where nothing is recorded, and names damaged records', async (t) => {
  const trial = await makeTrial(t, CARD);
  const nothing = await reportLater(trial, [trial.w]);
  t.is(nothing.end.exitCode, 2);
  t.like(nothing.events[0], {type: 'refused', code: 'no-records'});
  await offloadTrial(trial);
  await writeFile(join(trial.w, 'Shoot/_offload/torn.json'), '{');
  const damaged = await reportLater(trial, [trial.w]);
  t.is(damaged.end.exitCode, 1);
  t.true(codesOf(damaged.events).includes('manifest-cut'));
  t.true(codesOf(damaged.events).includes('report-written'));
});

test('a folder for the report that is not there, or is a file, is named with what to do', async (t) => {
  const trial = await makeTrial(t, CARD);
  await offloadTrial(trial);
  const gone = join(trial.folder, 'no/such folder');
  const missing = await reportLater(trial, [trial.w], gone);
  t.is(missing.end.exitCode, 2);
  const [refused] = missing.events;
  if (refused?.type !== 'refused') return t.fail();
  t.is(
    causeText(refused),
    `${gone}: the folder for the report is not there. Make that folder first, or give --out a folder that exists.`,
  );
  const file = join(trial.folder, 'page.html');
  await writeFile(file, 'mine');
  const wrong = await reportLater(trial, [trial.w], file);
  t.like(wrong.events[0], {type: 'refused', code: 'out-not-a-folder', path: file});
  t.is(await readFile(file, 'utf8'), 'mine');
});

test('on paper the table of drives stays on one page, under its heading', (t) => {
  t.regex(REPORT_STYLE, /^tr, \.drives \{ break-inside: avoid; \}$/m);
  t.regex(REPORT_STYLE, /h2 \{[^}]*break-after: avoid;/);
});
