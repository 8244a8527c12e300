import {Box, Text} from 'ink';
import type {ReactElement} from 'react';
import {formatCount} from '../../src/core/format-amounts.ts';
import {printable} from '../../src/core/printable.ts';
import type {PictureStrip} from '../../src/core/session/overlay.ts';
import type {Thumbnail} from '../../src/core/thumbnail.ts';
import type {Symbols} from '../theme.ts';
import {
  countLines,
  drawColours,
  drawShades,
  type Picture,
  pictureOf,
  type Run,
  shrinkPicture,
} from './draw-picture.ts';
import {Line, Name} from './line.tsx';
import {POINTER_CELLS} from './pointer.tsx';

export interface PicturesStripProps {
  readonly strip: PictureStrip;
  /** Label of the card. */
  readonly label: string;
  /** Cells. */
  readonly width: number;
  /** Lines. */
  readonly room: number;
  readonly symbols: Symbols;
}

/** Pictures of a card side by side, with their names, from the first that is shown on; in several rows where there is height. */
export function PicturesStrip({
  strip,
  label,
  width,
  room,
  symbols,
}: PicturesStripProps): ReactElement {
  const {thumbnails, complete, first} = strip;
  const sheet = layOutSheet(thumbnails, {cells: width - POINTER_CELLS, lines: room - TITLE_LINES});
  const shown = thumbnails.slice(first, first + sheet.perRow * sheet.rows);
  const rows = Array.from({length: Math.ceil(shown.length / sheet.perRow)}, (_, row) =>
    shown.slice(row * sheet.perRow, (row + 1) * sheet.perRow),
  );
  const making = complete ? '' : 'making pictures…';
  return (
    <Box
      flexDirection="column"
      flexShrink={0}
      width={width}
      height={Math.max(0, room)}
      overflow="hidden"
      paddingLeft={POINTER_CELLS}
    >
      <Box height={TITLE_LINES} flexShrink={0}>
        <Line
          text={describeStrip(strip, label, shown.length)}
          width={width - POINTER_CELLS - MAKING_CELLS}
          symbols={symbols}
        />
        <Line
          text={making}
          width={MAKING_CELLS}
          symbols={symbols}
          style={symbols.styles.quiet}
          align="right"
        />
      </Box>
      <Box flexDirection="column" flexShrink={0} rowGap={1}>
        {rows.map((row) => (
          <Box key={row[0]?.path ?? ''} flexShrink={0} columnGap={BETWEEN}>
            {row.map((thumbnail) => (
              <Slot key={thumbnail.path} thumbnail={thumbnail} sheet={sheet} symbols={symbols} />
            ))}
          </Box>
        ))}
      </Box>
    </Box>
  );
}

/** The title and a blank line. */
const TITLE_LINES = 2;
const MAKING_CELLS = ' making pictures...'.length;
/** Cells between pictures. */
const BETWEEN = 2;
/** A name under a picture: `IMG_0001.CR3`. */
const NAME_CELLS = 12;
const NAME_LINES = 1;

function describeStrip(
  {thumbnails, complete, first}: PictureStrip,
  label: string,
  shown: number,
): string {
  const name = printable(label);
  const count = thumbnails.length;
  if (count === 0) return complete ? `${name}  no pictures on this card` : name;
  const from = Math.min(first + 1, count);
  const to = Math.max(from, first + shown);
  const range = from === to ? formatCount(from) : `${formatCount(from)} – ${formatCount(to)}`;
  return `${name}  ${range} of ${formatCount(count)}`;
}

interface Sheet {
  /** Cells of a picture's place, and lines without its name. */
  readonly cells: number;
  readonly lines: number;
  readonly perRow: number;
  readonly rows: number;
}

/** All places are as large as the largest picture needs, so that nothing moves when one scrolls. */
function layOutSheet(
  thumbnails: readonly Thumbnail[],
  room: {readonly cells: number; readonly lines: number},
): Sheet {
  const most = {cells: Math.max(1, room.cells), lines: Math.max(1, room.lines - NAME_LINES)};
  const sizes = thumbnails.flatMap((thumbnail) => {
    const picture = pictureOf(thumbnail);
    return picture === null ? [] : [shrinkPicture({...picture, pixels: []}, most)];
  });
  const widest = Math.max(NAME_CELLS, ...sizes.map(({width}) => width));
  const cells = Math.min(most.cells, widest);
  const lines = Math.max(1, ...sizes.map(({height}) => countLines(height)));
  return {
    cells,
    lines,
    perRow: Math.max(1, Math.floor((most.cells + BETWEEN) / (cells + BETWEEN))),
    rows: Math.max(1, Math.floor((room.lines + 1) / (lines + NAME_LINES + 1))),
  };
}

interface SlotProps {
  readonly thumbnail: Thumbnail;
  readonly sheet: Sheet;
  readonly symbols: Symbols;
}

function Slot({thumbnail, sheet, symbols}: SlotProps): ReactElement {
  const {cells, lines} = sheet;
  const picture = pictureOf(thumbnail);
  const name = thumbnail.path.slice(thumbnail.path.lastIndexOf('/') + 1);
  return (
    <Box flexDirection="column" flexShrink={0} width={cells}>
      <Box height={lines} flexShrink={0} flexDirection="column" overflow="hidden">
        {picture === null ? (
          <Line text="no preview" width={cells} symbols={symbols} style={symbols.styles.quiet} />
        ) : (
          <Pixels picture={shrinkPicture(picture, {cells, lines})} symbols={symbols} />
        )}
      </Box>
      <Name text={printable(name)} width={cells} symbols={symbols} />
    </Box>
  );
}

function Pixels({
  picture,
  symbols,
}: {
  readonly picture: Picture;
  readonly symbols: Symbols;
}): ReactElement {
  const {upperHalf} = symbols;
  const lines = upperHalf === null ? drawShades(picture) : drawColours(picture, upperHalf);
  return (
    <>
      {numberRows(lines).map(({key, value}) => (
        <Text key={key} wrap="truncate-end">
          {numberRows(value).map((run) => (
            <Text key={run.key} {...colourOf(run.value)}>
              {run.value.text}
            </Text>
          ))}
        </Text>
      ))}
    </>
  );
}

function colourOf({color, backgroundColor}: Run): Omit<Run, 'text'> {
  if (color === undefined) return {};
  return backgroundColor === undefined ? {color} : {color, backgroundColor};
}

/** The place of a run of pixels is all that tells it from others. */
function numberRows<T>(values: readonly T[]): readonly {readonly key: string; readonly value: T}[] {
  return values.map((value, place) => ({key: String(place), value}));
}
