/** The pictures of the terminal UI: what is recorded, how large, and what it shows for who cannot see it. */

export interface Frame {
  /** `frames/<name>.ansi` becomes `<name>.svg`. */
  readonly name: string;
  /** Cells and lines of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
}

const CLASSIC = {columns: 80, rows: 24} as const;
const SMALL = {columns: 40, rows: 12} as const;
const LARGE = {columns: 120, rows: 40} as const;

/** In the order of a visit. */
export const FRAMES = [
  {
    name: 'ready',
    ...CLASSIC,
    title: 'The ready screen: two new cards at the left, a working drive and a backup at the right',
  },
  {
    name: 'ready-120x40',
    ...LARGE,
    title: 'The ready screen in a terminal of 120x40 cells',
  },
  {
    name: 'shoot',
    ...CLASSIC,
    title: "The ready screen while the shoot's name is typed",
  },
  {
    name: 'pictures',
    ...CLASSIC,
    title: 'Pictures of a card, drawn in the cells of the terminal',
  },
  {
    name: 'working',
    ...CLASSIC,
    title:
      'The working screen: for each of two cards a line for reading, and a lane for each drive with copied and proved drawn apart',
  },
  {
    name: 'working-40x12',
    ...SMALL,
    title: 'The working screen in a terminal of 40x12 cells',
  },
  {
    name: 'stop',
    ...CLASSIC,
    title: 'The working screen with the question whether to stop',
  },
  {
    name: 'verdict-two-cards',
    ...CLASSIC,
    title: 'The verdict screen: SAFE TO FORMAT for each of two cards, and what it rests on',
  },
  {
    name: 'ready-after',
    ...CLASSIC,
    title: 'The ready screen after an offload: two cards were safe then, a third one is new',
  },
  {
    name: 'verdict-not-safe',
    ...CLASSIC,
    title: 'The verdict screen: NOT SAFE, because the backup was full, and what to do',
  },
  {
    name: 'failures',
    ...CLASSIC,
    title: 'The list of everything that failed',
  },
  {
    name: 'verdict-safe',
    ...CLASSIC,
    title:
      'The verdict screen: SAFE TO FORMAT, where the record lies, and how to check it without this program',
  },
  {
    name: 'help',
    ...CLASSIC,
    title: 'The help of the ready screen',
  },
] as const satisfies readonly Frame[];

export type FrameName = (typeof FRAMES)[number]['name'];

/** @throws where there is no such frame. */
export function frameOf(name: FrameName): Frame {
  const frame = FRAMES.find((one) => one.name === name);
  if (frame === undefined) throw new Error(`no frame is called ${name}`);
  return frame;
}

/** Where a frame lies, as `capture-pane -e` of tmux wrote it. */
export const ansiOf = ({name}: Frame): URL => new URL(`frames/${name}.ansi`, import.meta.url);
