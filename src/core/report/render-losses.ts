/** What failed: the pictures that are nowhere, each with what could be kept of it, and everything else by its reason. */
import {letterOf} from '../card-state.ts';
import {formatBytes, formatCount} from '../format-amounts.ts';
import type {Manifest, RecordedFile} from '../manifest.ts';
import {countFiles, joinWithAnd} from '../words.ts';
import type {ReportFile} from './file-state.ts';
import {html, joinMarkup, type Markup, name} from './markup.ts';
import {type CellContent, lastPart, renderFrame, renderNames, renderTaking} from './render-cell.ts';
import {describeAmount} from './sheet-summary.ts';

type Drives = Manifest['destinations'];
type Failure = NonNullable<RecordedFile['failures']>[number];

/** @returns the heading of the section; the losses follow it. */
export function renderLossesStart(cells: readonly CellContent['cell'][]): Markup {
  const lost = cells.filter(({state}) => state === 'lost').length;
  const title = lost === cells.length ? 'Lost' : lost === 0 ? 'Not copied' : 'Lost or not copied';
  const films = cells.filter(({form}) => form === 'film').length;
  const amount = describeAmount({pictures: cells.length - films, films});
  const still = 'What is not copied is still on the card.';
  const again = 'What is lost may still be read with another reader or cable.';
  const hope = lost === cells.length ? again : lost === 0 ? still : `${again} ${still}`;
  return html`<section class="losses">
<h2>${title}: ${amount}</h2>
<p class="quiet">No proved copy. Do not format the card. ${hope}</p>
`;
}

export const renderLossesEnd = (): Markup => html`</section>
`;

/** @returns one picture that is nowhere, with why, and what is left of it. */
export function renderLoss(content: CellContent, drives: Drives): Markup {
  const {cell, facts} = content;
  const trouble = cell.files.filter(({state}) => state === cell.state);
  return html`<article class="loss ${cell.state === 'proved' ? '' : 'gone'}">
<div>${renderFrame(content)}</div>
<div>
<h3>${renderNames(cell)}</h3>
<div class="about">${renderTaking({cell, facts, picture: undefined})}</div>
${trouble.map((one) => renderTrouble(one, drives))}
${renderRest(cell.files.filter((one) => one.state !== cell.state))}
</div>
</article>
`;
}

function renderTrouble({file}: ReportFile, drives: Drives): Markup {
  const {failures = []} = file;
  return html`<p><span class="red">${name(file.path)}</span>, ${formatBytes(file.size)}</p>
${failures.map((failure) => html`<p>${whereOf(failure, drives)}: ${failure.message}. ${failure.next}</p>`)}
${renderSalvage(file, drives)}`;
}

function renderSalvage({salvaged = []}: RecordedFile, drives: Drives): Markup | null {
  const [first] = salvaged;
  if (first === undefined) return null;
  const {bytes, missing} = first;
  const percent = Math.floor((1000 * bytes) / Math.max(1, bytes + missing)) / 10;
  const letters = joinWithAnd(salvaged.map(({destination}) => letterById(destination, drives)));
  return html`<p><b>${percent} % of it could be read</b> (all but ${formatCount(missing)} bytes) and is kept on ${letters}, with a map of what is missing beside it. It is no copy.<br><code>${name(first.target)}</code></p>`;
}

function renderRest(rest: readonly ReportFile[]): Markup | null {
  if (rest.length === 0) return null;
  const words = rest.map(({file, state, without}) => {
    const what = state === 'proved' ? 'is proved' : `is not on ${without.join(', ')}`;
    return html`<p>${name(lastPart(file.path))} ${what}.</p>`;
  });
  return html`${words}`;
}

function whereOf({destination}: Failure, drives: Drives): string {
  return destination === undefined ? 'The card' : letterById(destination, drives);
}

const letterById = (id: string, drives: Drives): string => {
  const index = drives.findIndex((drive) => drive.id === id);
  return index === -1 ? id : letterOf(index);
};

/** As many names are told of one reason; the table has them all. */
const NAMED = 12;

/**
 * @param told files of frames that are shown with what happened to them.
 * @returns what else failed, grouped by reason; null where nothing did.
 */
export function renderFailures(
  files: readonly ReportFile[],
  told: ReadonlySet<ReportFile>,
  drives: Drives,
): Markup | null {
  const bad = files.filter((one) => one.state !== 'proved' && !told.has(one));
  if (bad.length === 0) return null;
  const groups = new Map<string, {where: string; what: string; next: string; paths: string[]}>();
  const add = (path: string, where: string, what: string, next: string) => {
    const key = JSON.stringify([where, what, next]);
    const group = groups.get(key) ?? {where, what, next, paths: []};
    group.paths.push(path);
    groups.set(key, group);
  };
  for (const {file, without} of bad) {
    const {failures = []} = file;
    for (const failure of failures)
      add(file.path, whereOf(failure, drives), failure.message, failure.next);
    if (failures.length > 0) continue;
    const next = 'Run the same command again.';
    add(file.path, without.join(', '), 'there is no proved copy', next);
  }
  return html`<section>
<h2>${told.size > 0 ? 'What else failed, and what to do' : 'What failed, and what to do'}</h2>
<table><thead><tr><th>Where</th><th>What</th><th>Files</th></tr></thead><tbody>
${[...groups.values()].map(
  ({
    where,
    what,
    next,
    paths,
  }) => html`<tr><td>${where}</td><td>${what}<small>${next}</small></td><td>${countFiles(paths.length)}<small>${joinMarkup(paths.slice(0, NAMED).map(name))}${paths.length > NAMED ? html` and ${formatCount(paths.length - NAMED)} more, which the table names` : null}</small></td></tr>
`,
)}</tbody></table>
</section>
`;
}
