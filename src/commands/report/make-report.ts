/** Makes the report of one offload: a page and a table, from its manifest and from proved copies. It is no evidence, and nothing that judges reads it. */
import {createHash} from 'node:crypto';
import {join} from 'node:path';
import {staysInside} from '../../../verify/stays-inside.ts';
import type {Cause} from '../../core/cause.ts';
import type {Manifest, RecordedFile} from '../../core/manifest.ts';
import type {PhotoFacts} from '../../core/photo/photo-facts.ts';
import {fileRow, headerRow, leftOutRow, TABLE_MARK} from '../../core/report/card-rows.ts';
import {isGone, judgeFile, type ReportFile} from '../../core/report/file-state.ts';
import {type CellContent, renderCell} from '../../core/report/render-cell.ts';
import {
  renderFailures,
  renderLoss,
  renderLossesEnd,
  renderLossesStart,
} from '../../core/report/render-losses.ts';
import {
  renderFacts,
  renderFolder,
  renderOthers,
  renderPageEnd,
  renderPageStart,
} from '../../core/report/render-page.ts';
import {REPORT_STYLE} from '../../core/report/report-style.ts';
import {arrangeSheet, type Sheet, type SheetCell} from '../../core/report/sheet-cells.ts';
import {summarizeSheet} from '../../core/report/sheet-summary.ts';
import {formOf} from '../../core/survey/file-kind.ts';
import {holdExiftool} from '../../system/exiftool.ts';
import {exifFacts, type PhotoFactsReader} from '../../system/photo-facts-reader.ts';
import type {Program} from '../program.ts';
import {drawCells} from './draw-cells.ts';
import type {ShownFile} from './find-previews.ts';
import {ReportPage} from './report-page.ts';

export interface ReportRequest {
  readonly manifest: Manifest;
  /** Shoot folders that are here, absolute and without links, by the id of their destination. */
  readonly shoots: ReadonlyMap<string, string>;
  /** Where page and table are to lie, absolute, without `.html` and `.csv`. */
  readonly bases: readonly string[];
  /** Gives a flushed file its name. @returns the name that it got. */
  readonly publish: (temporary: string, path: string) => Promise<string>;
  /** Stops it after the picture in hand, and leaves nothing. */
  readonly signal: AbortSignal;
  readonly onFailed: (cause: Cause) => void;
  readonly facts?: PhotoFactsReader;
}

/** @returns where the pages lie; none when it was stopped or could not be written anywhere. Expected failures are told by `onFailed`. */
export async function makeReport(
  program: Program,
  request: ReportRequest,
): Promise<readonly string[]> {
  const {files} = program;
  const {bases, publish, onFailed, signal} = request;
  const open = (end: string) => {
    const token = `${request.manifest.offload}-${program.newWord()}`;
    const paths = bases.map((base) => `${base}${end}`);
    return new ReportPage({files, paths, token, publish, onFailed});
  };
  const [page, table] = [open('.html'), open('.csv')];
  try {
    await page.open();
    await table.open();
    if (!page.isOpen && !table.isOpen) return [];
    await holdExiftool(() => new ReportMaker(program, request).write(page, table));
    if (signal.aborted) return [];
    await table.publish();
    return await page.publish();
  } finally {
    await page.discard();
    await table.discard();
  }
}

/** Bytes of a page of 2,000 pictures are held below 30 MB: base64 makes four of three, and words take a kilobyte a frame. */
const PICTURES_BYTES = 19_000_000;
const LEAST_BYTES = 4000;
const MOST_BYTES = 40_000;
/** Fewer pictures are shown finer. */
const FEW = 500;

class ReportMaker {
  readonly #program: Program;
  readonly #request: ReportRequest;
  readonly #files: readonly ReportFile[];
  readonly #sheet: Sheet;
  readonly #facts = new Map<string, PhotoFacts>();

  constructor(program: Program, request: ReportRequest) {
    this.#program = program;
    this.#request = request;
    const {files, destinations} = request.manifest;
    this.#files = files.map((file) => judgeFile(file, destinations));
    this.#sheet = arrangeSheet(this.#files);
  }

  async write(page: ReportPage, table: ReportPage): Promise<void> {
    const {manifest, signal} = this.#request;
    const {cells, others} = this.#sheet;
    await this.#readFacts();
    if (signal.aborted) return;
    const factsOf = (path: string) => this.#facts.get(path);
    const styleHash = createHash('sha256').update(REPORT_STYLE).digest('base64');
    const summary = summarizeSheet(cells, factsOf);
    await page.write(renderPageStart({manifest, summary, styleHash}).text);
    await this.#writeLosses(page);
    const told = new Set(cells.flatMap(({state, files}) => (isGone(state) ? files : [])));
    const failures = renderFailures(this.#files, told, manifest.destinations);
    if (failures !== null) await page.write(failures.text);
    await page.write(renderFacts(manifest).text);
    await this.#writeSheet(page);
    await page.write(renderOthers(others)?.text ?? '');
    await page.write(renderPageEnd(manifest, this.#program.clock.now().toISOString()).text);
    await this.#writeTable(table);
  }

  async #readFacts(): Promise<void> {
    const {facts = exifFacts, signal} = this.#request;
    const {files, timeZone} = this.#program;
    const wanted: {path: string; size: number; mtimeNs: bigint}[] = [];
    const cardPaths: string[] = [];
    for (const {file} of this.#files) {
      const form = formOf(file.path);
      if (form === undefined || form === 'still') continue;
      const shown = await this.#place(file);
      if (shown === undefined) continue;
      wanted.push({path: shown.place, size: file.size, mtimeNs: BigInt(file.mtimeNs)});
      cardPaths.push(file.path);
    }
    let index = 0;
    for await (const {facts: found} of facts.readAll(files, wanted, {signal, timeZone})) {
      const path = cardPaths[index];
      if (path !== undefined && found !== undefined) this.#facts.set(path, found);
      index += 1;
    }
  }

  async #writeLosses(page: ReportPage): Promise<void> {
    const gone = this.#sheet.cells.filter(({state}) => isGone(state));
    if (gone.length === 0) return;
    const {destinations} = this.#request.manifest;
    await page.write(renderLossesStart(gone).text);
    for await (const content of this.#draw(gone)) {
      await page.write(renderLoss(content, destinations).text);
    }
    await page.write(renderLossesEnd().text);
  }

  async #writeSheet(page: ReportPage): Promise<void> {
    const cells = this.#sheet.cells.filter(({state}) => !isGone(state));
    if (cells.length === 0) return;
    const counts = new Map<string, number>();
    for (const cell of cells) counts.set(folderOf(cell), (counts.get(folderOf(cell)) ?? 0) + 1);
    await page.write('<section class="contact">\n<h2>Contact sheet</h2>\n');
    let folder: string | undefined;
    for await (const content of this.#draw(cells)) {
      const next = folderOf(content.cell);
      if (next !== folder) {
        if (folder !== undefined) await page.write('</div>\n');
        await page.write(`${renderFolder(next, counts.get(next) ?? 0).text}<div class="sheet">\n`);
      }
      folder = next;
      await page.write(renderCell(content).text);
    }
    await page.write(folder === undefined ? '</section>\n' : '</div>\n</section>\n');
  }

  async *#draw(cells: readonly SheetCell[]): AsyncGenerator<CellContent> {
    const {signal} = this.#request;
    const count = Math.max(1, this.#sheet.cells.length);
    const share = Math.floor(PICTURES_BYTES / count);
    const drawing = drawCells({
      program: this.#program,
      cells,
      place: (file) => this.#place(file),
      longSide: count > FEW ? 320 : 400,
      mostBytes: Math.max(LEAST_BYTES, Math.min(MOST_BYTES, share)),
      signal,
    });
    for await (const {cell, picture} of drawing) {
      yield {cell, picture, facts: this.#facts.get(cell.files[0].file.path)};
    }
  }

  /** @returns a proved copy that is here, or the readable parts of a lost file. */
  async #place(file: RecordedFile): Promise<ShownFile | undefined> {
    const {files} = this.#program;
    const copies = [...file.copies, ...(file.salvaged ?? [])];
    for (const {destination, target} of copies) {
      const shoot = this.#request.shoots.get(destination);
      if (shoot === undefined) continue;
      const place = join(shoot, target);
      if (!(await staysInside(files, shoot, place))) continue;
      const isSalvaged = file.copies.length === 0;
      return {path: file.path, place, size: file.size, isSalvaged};
    }
    return undefined;
  }

  async #writeTable(table: ReportPage): Promise<void> {
    const {manifest} = this.#request;
    await table.write(`${TABLE_MARK}${headerRow(manifest)}`);
    for (const one of this.#files) {
      await table.write(fileRow(manifest, one, this.#facts.get(one.file.path)));
    }
    for (const one of manifest.card.leftOut) await table.write(leftOutRow(manifest, one));
  }
}

const folderOf = ({files: [{file}]}: SheetCell): string => {
  const cut = file.path.lastIndexOf('/');
  return cut === -1 ? '' : file.path.slice(0, cut);
};
