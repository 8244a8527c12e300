/** Draws what a program wrote to a terminal as an SVG: monospace cells on a dark ground. Knows the colours that the screens use and no cursor movements. */

interface Style {
  readonly colour: string;
  readonly bold: boolean;
  readonly dim: boolean;
}

/** Neighbouring cells of one style. */
interface Stretch {
  readonly text: string;
  readonly style: Style;
}

const GROUND = '#14171c';
const PLAIN: Style = {colour: '#d6dae0', bold: false, dim: false};
/** How strong dim cells are drawn. */
const DIM = 0.6;
/** SGR parameters (ECMA-48, 8.3.117) of the foreground colours. */
const COLOURS: Readonly<Record<string, string>> = {
  31: '#ff6b68',
  32: '#5fd38d',
  33: '#e8c14a',
  36: '#4fc3d9',
  39: PLAIN.colour,
};

/** Pixels of one cell, for a font of 14 pixels whose letters are 0.6 of that wide (DejaVu Sans Mono, Menlo, Consolas are near it). */
const CELL = {width: 8.4, height: 20, font: 14};
const MARGIN = 16;
const FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/** Drawn as shapes: fonts disagree about their height. Each is a part of the cell's width, and how strong it is drawn. */
const BLOCKS: Readonly<Record<string, {readonly width: number; readonly strength: number}>> = {
  '█': {width: 1, strength: 1},
  '▌': {width: 0.5, strength: 1},
  '▒': {width: 1, strength: 0.4},
};

/**
 * @param output lines joined by newlines, with SGR sequences.
 * @param columns width of the terminal: longer lines go on in the next row, as they do there.
 * @param title what the picture shows, for who cannot see it.
 */
export function ansiToSvg(
  output: string,
  {columns, title}: {readonly columns: number; readonly title: string},
): string {
  const rows = output.split('\n').flatMap((line) => wrap(readStretches(line), columns));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = Math.ceil(rows.length * CELL.height + 2 * MARGIN);
  const shapes = rows.flatMap((row, index) => drawRow(row, MARGIN + index * CELL.height));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${GROUND}"/>`,
    `<g font-family="${FONTS}" font-size="${CELL.font}" xml:space="preserve">`,
    ...shapes,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function readStretches(line: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let style = PLAIN;
  for (const [, parameters, text] of line.matchAll(/\u001B\[([\d;]*)m|([^\u001B]+)/g)) {
    if (text !== undefined) stretches.push({text, style});
    else style = (parameters ?? '').split(';').reduce(changeStyle, style);
  }
  return stretches;
}

function changeStyle(style: Style, parameter: string): Style {
  if (parameter === '' || parameter === '0') return PLAIN;
  if (parameter === '1') return {...style, bold: true};
  if (parameter === '2') return {...style, dim: true};
  if (parameter === '22') return {...style, bold: false, dim: false};
  const colour = COLOURS[parameter];
  if (colour === undefined) throw new Error(`no such style in the screens: SGR ${parameter}`);
  return {...style, colour};
}

function wrap(stretches: readonly Stretch[], columns: number): readonly (readonly Stretch[])[] {
  const rows: Stretch[][] = [[]];
  let used = 0;
  for (const {text, style} of stretches) {
    let rest = [...text];
    while (rest.length > 0) {
      if (used === columns) {
        rows.push([]);
        used = 0;
      }
      const part = rest.slice(0, columns - used);
      rows.at(-1)?.push({text: part.join(''), style});
      used += part.length;
      rest = rest.slice(part.length);
    }
  }
  return rows;
}

function drawRow(row: readonly Stretch[], top: number): readonly string[] {
  const shapes: string[] = [];
  let column = 0;
  for (const {text, style} of row) {
    for (const [part] of text.matchAll(/█+|▌|▒+| +|[^█▌▒ ]+(?: [^█▌▒ ]+)*/g)) {
      const length = [...part].length;
      shapes.push(...drawPart(part, {style, left: MARGIN + column * CELL.width, top, length}));
      column += length;
    }
  }
  return shapes;
}

interface Place {
  readonly style: Style;
  /** Pixels. */
  readonly left: number;
  readonly top: number;
  /** Cells. */
  readonly length: number;
}

function drawPart(part: string, {style, left, top, length}: Place): readonly string[] {
  if (part.startsWith(' ')) return [];
  const x = left.toFixed(1);
  const block = BLOCKS[part[0] ?? ''];
  if (block !== undefined) {
    const width = (length * CELL.width * block.width).toFixed(1);
    const strength = block.strength * (style.dim ? DIM : 1);
    const opacity = strength === 1 ? '' : ` fill-opacity="${strength}"`;
    return [
      `<rect x="${x}" y="${top + 3}" width="${width}" height="${CELL.height - 6}" fill="${style.colour}"${opacity}/>`,
    ];
  }
  const weight = style.bold ? ' font-weight="bold"' : '';
  const opacity = style.dim ? ` fill-opacity="${DIM}"` : '';
  const width = (length * CELL.width).toFixed(1);
  // The length is forced, so that columns stand under each other in any font.
  return [
    `<text x="${x}" y="${top + 15}" textLength="${width}" lengthAdjust="spacingAndGlyphs" fill="${style.colour}"${weight}${opacity}>${escapeXml(part)}</text>`,
  ];
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
