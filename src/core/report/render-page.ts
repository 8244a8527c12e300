/** The page around the contact sheet: the verdict first, then what it rests on. Pure: manifest in, text out. */
import {letterOf} from '../card-state.ts';
import {formatBytes, formatCount, formatDuration, formatRate} from '../format-amounts.ts';
import type {Manifest} from '../manifest.ts';
import {nameCamera} from '../survey/name-camera.ts';
import {verdictParts} from '../verdict-text.ts';
import {countFiles} from '../words.ts';
import {formatInZone} from '../zone-time.ts';
import type {ReportFile} from './file-state.ts';
import {html, joinMarkup, Markup, name, printed} from './markup.ts';
import {verdictOf} from './recorded-verdict.ts';
import {lastPart} from './render-cell.ts';
import {REPORT_STYLE} from './report-style.ts';
import {describeAmount, type SheetSummary} from './sheet-summary.ts';

export interface PageStart {
  readonly manifest: Manifest;
  readonly summary: SheetSummary;
  /** SHA-256 of {@link REPORT_STYLE} in base64: the only style that the page takes (CSP 3, 2.3.1). */
  readonly styleHash: string;
}

/** @returns the page up to its facts. No script, nothing from elsewhere: the policy says so to the browser too. */
export function renderPageStart({manifest, summary, styleHash}: PageStart): Markup {
  const {shoot, card} = manifest;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-${new Markup(styleHash)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${shoot}: ${card.label}</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
<header>
<p class="kicker">Offload report</p>
<h1>${name(shoot)}</h1>
${renderLead(manifest, summary)}
</header>
${renderVerdict(manifest)}
${renderWarnings(manifest)}
`;
}

/** As many cameras are named, those with the most pictures first. */
const NAMED_CAMERAS = 4;

function renderLead({card, account}: Manifest, summary: SheetSummary): Markup {
  const {first, last, cameras} = summary;
  const day = first?.slice(0, 10);
  const until = last !== null && last.slice(0, 10) === day ? last.slice(11) : last;
  const span = last === first ? null : html` to <b>${until ?? ''}</b>`;
  const when = first === null ? null : html`, taken <b>${first}</b>${span}`;
  const isOne = cameras.length === 1;
  const named = cameras
    .slice(0, NAMED_CAMERAS)
    .map(
      ({camera, count}) => html`${name(camera)}${isOne ? null : html` (${formatCount(count)})`}`,
    );
  const more = cameras.length - named.length;
  const rest = more > 0 ? html` and ${more} more` : null;
  const by = cameras.length === 0 ? null : html`, with ${joinMarkup(named)}${rest}`;
  return html`<p class="lead">Card <b>${name(card.label)}</b>: <b>${describeAmount(summary)}</b>, ${formatBytes(account.bytes)}${when}${by}</p>`;
}

function renderVerdict(manifest: Manifest): Markup {
  const {verdict, endedAt, timeZone} = manifest;
  const parts = verdictParts(verdictOf(manifest));
  return html`<section class="verdict ${verdict.safe ? 'safe' : 'unsafe'}">
<div class="sign" aria-hidden="true">${verdict.safe ? '✓' : '✕'}</div>
<div>
<strong>${parts.words}</strong>
${parts.waived === null ? null : html`<p><em>${parts.waived}</em></p>`}
<p>${printed(parts.count)}</p>
${parts.advice === null ? null : html`<p>${sentence(parts.advice)}</p>`}
${
  parts.reasons.length === 0
    ? null
    : html`<ul>${parts.reasons.map((reason) => html`<li>${printed(reason)}</li>`)}</ul>`
}
<p>As of ${formatInZone(endedAt, timeZone)} (${timeZone}).</p>
</div>
</section>`;
}

function renderWarnings(manifest: Manifest): Markup | null {
  const {warnings} = manifest;
  if (warnings.length === 0) return null;
  return html`<section class="warnings">
<b>${warnings.length === 1 ? '1 warning' : `${formatCount(warnings.length)} warnings`}</b>
<ul>${warnings.map(
    ({path, message}) =>
      html`<li>${path === undefined ? null : html`${name(path)} `}${message}</li>`,
  )}</ul>
</section>`;
}

/** @returns card, times, account and drives. */
export function renderFacts(manifest: Manifest): Markup {
  return html`<div class="facts">
${renderCard(manifest)}
${renderTimes(manifest)}
${renderAccount(manifest)}
</div>
${renderDrives(manifest)}`;
}

type Row = readonly [term: string, value: string] | null;

function renderList(title: string, rows: readonly Row[]): Markup {
  return html`<section><h2>${title}</h2><dl>
${rows.map((row) => (row === null ? new Markup('') : html`<dt>${row[0]}</dt><dd>${name(row[1])}</dd>`))}
</dl></section>`;
}

function renderCard({card, folder}: Manifest): Markup {
  const {volume, cameras} = card;
  const camera = cameras.map(nameCamera).join(', ');
  const serial = cameras
    .map((one) => one.serial)
    .filter((text) => text !== '')
    .join(', ');
  return renderList('Card', [
    ['Label', card.label],
    camera === '' ? null : ['Camera', camera],
    serial === '' ? null : ['Serial number', serial],
    volume.fileSystem === '' ? null : ['File system', volume.fileSystem],
    volume.size === null ? null : ['Size', formatBytes(volume.size)],
    volume.model === null ? null : ['Reader', volume.model],
    ['Folder in the shoot', folder],
  ]);
}

function renderTimes(manifest: Manifest): Markup {
  const {startedAt, endedAt, timeZone, runs, account} = manifest;
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  const isOne = runs === 1 && ms >= 0;
  return renderList('Times', [
    ['Begun', formatInZone(startedAt, timeZone)],
    ['Done', formatInZone(endedAt, timeZone)],
    isOne ? ['Took', formatDuration(ms)] : ['Runs', formatCount(runs)],
    isOne && ms >= 1000 ? ['Speed', formatRate((account.bytes * 1000) / ms)] : null,
    ['Computer', manifest.host],
  ]);
}

function renderAccount({account}: Manifest): Markup {
  const {found, copied, present, leftOut, failed} = account;
  const rows: readonly (readonly [string, number])[] = [
    ['Copied', copied],
    ['Already there', present],
    ['Left out', leftOut],
    ['Failed', failed],
  ];
  return html`<section><h2>Account</h2><dl>
${rows
  .filter(([term, count]) => count > 0 || term === 'Copied' || term === 'Failed')
  .map(
    ([term, count]) =>
      html`<dt>${term}</dt><dd${term === 'Failed' && count > 0 ? new Markup(' class="red"') : null}>${formatCount(count)}</dd>`,
  )}
<dt class="total">Files on the card</dt><dd class="total">${formatCount(found)}</dd>
</dl></section>`;
}

function renderDrives(manifest: Manifest): Markup {
  const {destinations, files} = manifest;
  const drives = destinations.map((drive) => {
    const copies = files.flatMap((file) =>
      file.copies.flatMap((copy) => (copy.destination === drive.id ? [{file, copy}] : [])),
    );
    return {drive, proved: copies.length, pace: describePace(manifest, copies)};
  });
  const isPaced = drives.some(({pace}) => pace !== '');
  const all = files.length;
  return html`<h2>Drives</h2>
<table class="drives"><thead><tr><th></th><th>Drive</th><th>Proved</th><th>Read back</th>${isPaced ? html`<th>Written and proved</th>` : null}<th>Free</th></tr></thead><tbody>
${drives.map(
  ({drive, proved, pace}, index) => html`<tr><td><span class="letter">${letterOf(index)}</span></td>
<td>${name(drive.name)}${drive.lost ? html` <span class="red">lost during the offload</span>` : null}<small>${describeVolume(drive.volume)}</small><small>${name(drive.shoot)}</small></td>
<td>${proved < all ? html`<span class="red">${formatCount(proved)} of ${formatCount(all)}</span>` : `all ${formatCount(all)}`}</td>
<td>${READS[drive.mediumRead]}</td>
${isPaced ? html`<td>${pace}</td>` : null}
<td>${drive.freeBytes === null ? 'unknown' : formatBytes(drive.freeBytes)}</td></tr>
`,
)}</tbody></table>
`;
}

function describeVolume({model, fileSystem, size}: Manifest['card']['volume']): string {
  const known = [model ?? '', fileSystem, size === null ? '' : formatBytes(size)];
  return known.filter((one) => one !== '').join(' · ');
}

const READS: Readonly<Record<Manifest['destinations'][number]['mediumRead'], string>> = {
  direct: 'past the cache',
  evicted: 'after the cache was emptied',
  cached: 'a cache was possible',
};

type Copies = readonly {
  readonly file: Manifest['files'][number];
  readonly copy: Manifest['files'][number]['copies'][number];
}[];

/** Of several runs nobody knows how long the pauses were. */
function describePace({startedAt, runs}: Manifest, copies: Copies): string {
  const written = copies.filter(({copy}) => copy.origin === 'copied');
  const last = Math.max(...written.map(({copy}) => Date.parse(copy.provedAt)));
  const ms = last - Date.parse(startedAt);
  if (runs !== 1 || !Number.isFinite(ms) || ms < 1000) return '';
  const bytes = written.reduce((sum, {file}) => sum + file.size, 0);
  return `${formatRate((bytes * 1000) / ms)}, ${formatDuration(ms)}`;
}

/** As many other files are named; the table has them all. */
const NAMED = 300;

/** @returns what is no picture and no film, by name. */
export function renderOthers(others: readonly ReportFile[]): Markup | null {
  if (others.length === 0) return null;
  return html`<section>
<h2>Other files</h2>
<ul class="names">
${others.slice(0, NAMED).map(
  ({file, state}) =>
    html`<li>${state === 'proved' ? null : html`<span class="red">FAILED</span> `}${name(file.path)} <span class="quiet">${formatBytes(file.size)}</span></li>
`,
)}</ul>
${others.length > NAMED ? html`<p class="quiet">and ${formatCount(others.length - NAMED)} more, which the table beside this page names.</p>` : null}
</section>
`;
}

/** @param folder of the frames that follow. */
export const renderFolder = (folder: string, count: number): Markup =>
  html`<h3>${name(folder === '' ? 'The card itself' : folder)}<span>${countFrames(count)}</span></h3>
`;

const countFrames = (count: number): string =>
  count === 1 ? '1 frame' : `${formatCount(count)} frames`;

/** @param made when the page was made, ISO 8601. @returns the end of the page. */
export function renderPageEnd(manifest: Manifest, made: string): Markup {
  const {offload, tool, timeZone, seal, files, destinations} = manifest;
  const parts = verdictParts(verdictOf(manifest));
  const table = `${offload}.csv`;
  return html`<footer>
<p>This page is for people. It is no evidence: the record is <code>_offload/${lastPart(`${offload}.json`)}</code> beside the copies on ${destinations.length === 1 ? 'the drive' : 'each drive'}, with the seal <code>${seal.slice(0, 16)}…</code>. All ${countFiles(files.length)} with their hashes and places: <code>${table}</code>.</p>
${parts.check === null ? null : html`<p>${printed(sentence(parts.check))}</p>`}
<p>Made ${formatInZone(made, timeZone)} by ${tool.name} ${tool.version}, from the proved copies; the card was not read for it.</p>
</footer>
</body>
</html>
`;
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
