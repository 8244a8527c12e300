/** One frame of a contact sheet with its picture and the lines below it. */
import {formatBytes} from '../format-amounts.ts';
import type {PhotoFacts} from '../photo/photo-facts.ts';
import {splitName} from '../split-name.ts';
import {unreachable} from '../unreachable.ts';
import {describeCamera, describeExposure, describeTime, formatFilmTime} from './exif-line.ts';
import {type FileState, isGone, type ReportFile} from './file-state.ts';
import {html, Markup, name} from './markup.ts';
import type {SheetCell} from './sheet-cells.ts';

/** A small JPEG, upright. */
export interface SmallPicture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly base64: string;
}

export interface CellContent {
  readonly cell: SheetCell;
  /** Undefined where nothing can be shown. */
  readonly picture: SmallPicture | undefined;
  readonly facts: PhotoFacts | undefined;
}

/** @returns the frame with its caption. */
export function renderCell(content: CellContent): Markup {
  const {cell} = content;
  return html`<figure class="cell${classOf(cell.state)}">
${renderFrame(content)}
<figcaption class="about">${renderNames(cell)}${renderTaking(content)}</figcaption>
</figure>
`;
}

const CLASSES: Readonly<Record<FileState, Markup>> = {
  proved: new Markup(''),
  partly: new Markup(' partly'),
  missing: new Markup(' gone'),
  lost: new Markup(' gone'),
};

const classOf = (state: FileState): Markup => CLASSES[state];

/** @returns the picture, or words in its place, with the flag that says what is wrong with it. */
export function renderFrame({cell, picture, facts}: CellContent): Markup {
  const flag = describeTrouble(cell);
  return html`<div class="frame">${renderPicture(cell, picture)}${
    cell.form === 'film' ? html`<span class="film">▶ ${filmTime(facts)}</span>` : null
  }${flag === '' ? null : html`<span class="flag">${flag}</span>`}</div>`;
}

function renderPicture(cell: SheetCell, picture: SmallPicture | undefined): Markup {
  const [{file}] = cell.files;
  if (picture !== undefined) {
    const {width, height, base64} = picture;
    return html`<img src="data:image/jpeg;base64,${base64}" width="${width}" height="${height}" alt="${lastPart(file.path)}" decoding="async">`;
  }
  const kind = splitName(lastPart(file.path)).ext.slice(1, 9).toUpperCase();
  const why = isGone(cell.state) ? 'no preview was left' : 'no preview to show';
  return html`<div class="none"><b>${kind}</b>${file.size === 0 ? 'empty file' : why}</div>`;
}

function filmTime(facts: PhotoFacts | undefined): string {
  const seconds = facts?.durationSeconds ?? null;
  return seconds === null ? 'film' : formatFilmTime(seconds);
}

/** @returns `LOST`, `CR3 LOST`, `NOT ON B`; empty where nothing is wrong. */
export function describeTrouble({files, state}: SheetCell): string {
  const hit = files.filter((one) => one.state === state);
  const which =
    hit.length === files.length ? '' : `${hit.map(({file}) => kindOf(file.path)).join(', ')} `;
  switch (state) {
    case 'proved':
      return '';
    case 'partly':
      return `${which}NOT ON ${[...new Set(hit.flatMap(({without}) => without))].join(', ')}`;
    case 'missing':
      return `${which}NOT COPIED`;
    case 'lost':
      return `${which}LOST`;
    default:
      return unreachable(state);
  }
}

/** `IMG_0001.CR3 + .JPG + .xmp`: those of the same stem by their ending. */
export function renderNames({files: [main, ...others]}: SheetCell): Markup {
  const own = lastPart(main.file.path);
  const {stem} = splitName(own);
  const more = others.map((one) => nameBeside(one, stem));
  return html`<b>${name(own)}</b>${more.map((text) => html` <span class="more">+ ${name(text)}</span>`)}`;
}

function nameBeside({file}: ReportFile, stem: string): string {
  const beside = lastPart(file.path);
  const split = splitName(beside);
  return split.stem.toLowerCase() === stem.toLowerCase() && split.ext !== '' ? split.ext : beside;
}

/** The time, the camera and the exposure; the size where the picture says nothing. */
export function renderTaking({cell, facts}: CellContent): Markup {
  const lines =
    facts === undefined ? [] : [describeTime(facts), describeCamera(facts), exposureOf(facts)];
  const told = lines.filter((line) => line !== '');
  const [{file}] = cell.files;
  const shown = told.length === 0 ? [formatBytes(file.size)] : told;
  return html`${shown.map((line) => html`<span>${name(line)}</span>`)}`;
}

/** The time of a film stands in its frame. */
const exposureOf = (facts: PhotoFacts): string =>
  describeExposure({...facts, durationSeconds: null});

export const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const kindOf = (path: string): string => splitName(lastPart(path)).ext.slice(1).toUpperCase();
