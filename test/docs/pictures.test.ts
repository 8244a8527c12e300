import {readdir, readFile} from 'node:fs/promises';
import test from 'ava';
import {execa} from 'execa';
import {ansiToSvg} from '../../docs/pictures/ansi-to-svg.ts';
import {ansiOf, FRAMES} from '../../docs/pictures/frames.ts';
import {readAnsi} from '../../docs/pictures/read-ansi.ts';

const ROOT = new URL('../../', import.meta.url);
const PICTURES = new URL('docs/pictures/', ROOT);

const readPage = (path: string) => readFile(new URL(path, ROOT), 'utf8');

for (const frame of FRAMES) {
  test(`${frame.name}.svg is drawn from its frame`, async (t) => {
    const text = await readFile(ansiOf(frame), 'utf8');
    const svg = await readFile(new URL(`${frame.name}.svg`, PICTURES), 'utf8');
    t.is(ansiToSvg(text, frame), svg);
    t.is(text.match(/\n/g)?.length, frame.rows, 'the whole terminal was recorded');
    t.false(
      /\/tmp\/|\/root\/|\/work\//.test(text),
      'no path of the machine that it was recorded on',
    );
  });
}

test('every frame is a picture, and every picture is drawn by the script', async (t) => {
  const names = async (folder: URL, end: string) => {
    const found = await readdir(folder);
    return found.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length));
  };
  const expected: string[] = FRAMES.map(({name}) => name).sort();
  t.deepEqual((await names(new URL('frames/', PICTURES), '.ansi')).sort(), expected);
  const drawn = [...expected, 'card-verdict', 'card-working'].sort();
  t.deepEqual((await names(PICTURES, '.svg')).sort(), drawn);
  // In a process of its own: Ink asks for colours when it is loaded.
  const script = 'docs/pictures/make-pictures.ts';
  const {stderr, exitCode} = await execa(process.execPath, ['--import=tsx', script, '--check'], {
    cwd: ROOT,
    reject: false,
  });
  t.is(stderr, '');
  t.is(exitCode, 0);
});

test('pictures are small, and load nothing and run nothing', async (t) => {
  for (const name of (await readdir(PICTURES)).filter((one) => one.endsWith('.svg'))) {
    const svg = await readFile(new URL(name, PICTURES), 'utf8');
    t.true(svg.length < 150_000, name);
    t.notRegex(
      svg.replace('http://www.w3.org/2000/svg', ''),
      /<script|<style|<image|href|url\(|:\/\//,
      name,
    );
  }
});

async function listPages(): Promise<readonly string[]> {
  const names = await readdir(new URL('docs/', ROOT), {recursive: true});
  const pages = names.filter((name) => name.endsWith('.md'));
  return ['README.md', 'ARCHITECTURE.md', ...pages.map((name) => `docs/${name}`)];
}

test('README and docs link only to files that are there, and to headings that they have', async (t) => {
  let links = 0;
  for (const page of await listPages()) {
    const text = (await readPage(page)).replace(/^( {4}|```)[\s\S]*?$(?:\n```)?/gm, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      links += 1;
      const [path = '', heading] = target.split('#');
      const url = path === '' ? new URL(page, ROOT) : new URL(path, new URL(page, ROOT));
      const isFolder = path.endsWith('/');
      const found = await (isFolder ? readdir(url) : readFile(url, 'utf8')).catch(() => null);
      t.not(found, null, `${page}: ${target}`);
      if (heading === undefined || typeof found !== 'string') continue;
      t.true(listHeadings(found).includes(heading), `${page}: ${target}`);
    }
  }
  t.true(links > 40);
});

/** As GitHub names them: small letters, blanks as hyphens, other signs left out. */
function listHeadings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every picture stands on the page of the screens, with the words for who cannot see it', async (t) => {
  const page = await readPage('docs/screens.md');
  const shown = [...page.matchAll(/!\[([^\]]{20,})\]\(pictures\/([^)]+)\.svg\)/g)];
  const names: string[] = FRAMES.map(({name}) => name);
  t.deepEqual(shown.map(([, , name]) => name).sort(), names.sort());
});

const draw = (text: string, columns = 20) => ansiToSvg(text, {columns, title: 't'});

test('words have the place and the length of their cells', (t) => {
  const svg = draw('ab  cd e');
  t.true(
    svg.includes('<text x="0" y="15" textLength="18" lengthAdjust="spacingAndGlyphs">ab</text>'),
  );
  t.true(
    svg.includes('<text x="36" y="15" textLength="36" lengthAdjust="spacingAndGlyphs">cd e</text>'),
  );
});

test('wide signs take two cells, and what stands on a sign takes none', (t) => {
  const svg = draw('写a\u0301b');
  t.regex(svg, /<text x="0" [^>]*textLength="18"[^>]*>写</);
  t.regex(svg, /<text x="18" [^>]*textLength="18"[^>]*>a\u0301b</);
});

test('half blocks are two colours in a cell', (t) => {
  const svg = draw('\u001B[38;2;1;2;3m\u001B[48;2;250;251;252m▀▀\u001B[0m');
  t.true(svg.includes('<path fill="#fafbfc" d="M0 0h18v20h-18z"/>'));
  t.true(svg.includes('<path fill="#010203" d="M0 0h18v10h-18z"/>'));
  t.true(svg.indexOf('#fafbfc') < svg.indexOf('#010203'), 'the ground lies below');
});

test('lines meet at the edges of their cells', (t) => {
  const svg = draw('┏━━┓\n┃  ┃');
  t.true(svg.includes('M9 9h18v3h-18z'), 'the line from cell to cell');
  t.true(svg.includes('M3 9L9 9L9 12L3 12z'), 'the arm of the corner goes to the edge');
  t.true(svg.includes('M3 9L6 9L6 20L3 20z') && svg.includes('M3 20L6 20L6 32L3 32z'), 'and down');
});

test('styles: weights, named and numbered colours, and their ends', (t) => {
  const styles = (text: string) =>
    readAnsi(text, 80)
      .flat()
      .map(({style: {colour, ground, bold, dim}}) => [colour, ground, bold, dim]);
  t.deepEqual(styles('\u001B[1ma\u001B[2mb\u001B[22mc\u001B[0;2md\u001B[me'), [
    [null, null, true, false],
    [null, null, true, true],
    [null, null, false, false],
    [null, null, false, true],
    [null, null, false, false],
  ]);
  // The first colour of the cube, its last, and the ends of the ramp.
  t.deepEqual(
    styles('\u001B[38;5;16ma\u001B[38;5;231mb\u001B[38;5;232mc\u001B[48;5;255;39md\u001B[49me').map(
      ([colour, ground]) => [colour, ground],
    ),
    [
      ['#000000', null],
      ['#ffffff', null],
      ['#080808', null],
      [null, '#eeeeee'],
      [null, null],
    ],
  );
  const [red, bright] = styles('\u001B[31ma\u001B[91mb').map(([colour]) => colour);
  t.not(red, bright);
});

test('a style goes on in the next line, and long lines in the next row', (t) => {
  const rows = readAnsi('\u001B[1mabc\nd', 2);
  t.deepEqual(
    rows.map((row) => row.map(({sign}) => sign).join('')),
    ['ab', 'c', 'd'],
  );
  t.true(rows[2]?.[0]?.style.bold);
});

test('what is not known is not drawn wrongly', (t) => {
  for (const text of [
    '\u001B[7ma',
    '\u001B[2Ja',
    '\u001B]0;title\u0007',
    'a\tb',
    '\u001B[38;5;256ma',
    '\u001B[38;3ma',
  ]) {
    t.throws(() => draw(text), {message: /no such/}, JSON.stringify(text));
  }
  t.throws(() => ansiToSvg('a\nb\nc', {columns: 9, rows: 2, title: 't'}), {message: /3 lines/});
});

test('words of the screens are data in the picture', (t) => {
  const svg = draw('<script>&"');
  t.true(svg.includes('>&lt;script&gt;&amp;&quot;</text>'));
});
