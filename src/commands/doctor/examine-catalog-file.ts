import {join} from 'node:path';
import {examineCatalog} from '../../catalog/examine-catalog.ts';
import {fromCause, good} from '../../core/doctor/finding.ts';
import {formatBytes, formatCount} from '../../core/format-amounts.ts';
import {CATALOG_NAME} from '../catalog-name.ts';
import type {Program} from '../program.ts';
import type {Examined} from './doctor.ts';

/** Whether the catalog can be read and is whole. It is not opened as offloads do: that would make one. */
export async function examineCatalogFile({files, dataFolder}: Program): Promise<Examined> {
  const where = {area: 'catalog'};
  if (!dataFolder.ok)
    return {findings: [fromCause(where, 'bad', dataFolder.cause)], newestMs: null};
  const path = join(dataFolder.value, CATALOG_NAME);
  const health = await examineCatalog(files, path);
  if (!health.ok) {
    const state = health.cause.code === 'catalog-locked' ? 'look' : 'bad';
    return {findings: [fromCause(where, state, health.cause)], newestMs: null};
  }
  if (health.value === null)
    return {
      findings: [good(where, 'there is none yet: the first offload makes it')],
      newestMs: null,
    };
  const {size, version, offloads, checkedWhole, newestMs} = health.value;
  const count = offloads === 1 ? '1 offload' : `${formatCount(offloads)} offloads`;
  const checked = checkedWhole ? 'whole' : 'too large to be checked whole in so short a time';
  const words = `${count}, ${formatBytes(size)}, version ${version}, ${checked}`;
  return {findings: [good(where, words)], newestMs};
}
