import {ok} from '../../core/cause.ts';
import {type DrivesNow, isForCopies} from './find-targets.ts';
import type {LightroomDesk} from './lightroom-desk.ts';

/** Names and places of the connected drives that jobs use, for the time when they are away. */
export async function noteCatalogPlaces(
  desk: LightroomDesk,
  {connected}: DrivesNow,
): Promise<void> {
  const used = new Set(
    desk.jobs.jobs.flatMap(({catalog, targets}) => [
      ...(catalog.volume === null ? [] : [catalog.volume]),
      ...(targets ?? []).map(({volume}) => volume),
      // Of a job without targets these are the drives that it takes.
      ...(targets === null ? connected.filter(isForCopies).map(({id}) => id) : []),
    ]),
  );
  const fresh = connected.filter(({id, name, folder, trust}) => {
    const before = Object.hasOwn(desk.jobs.volumes, id) ? desk.jobs.volumes[id] : undefined;
    const isSame = before?.name === name && before.path === folder;
    return trust === 'fits' && used.has(id) && !isSame;
  });
  if (fresh.length === 0) return;
  const places = Object.fromEntries(fresh.map(({id, name, folder}) => [id, {name, path: folder}]));
  const changed = await desk.changeJobs((jobs) =>
    ok({...jobs, volumes: {...jobs.volumes, ...places}}),
  );
  if (!changed.ok) desk.warn(changed.cause);
}
