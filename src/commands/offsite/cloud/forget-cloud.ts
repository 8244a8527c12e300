import type {Catalog} from '../../../catalog/catalog.ts';
import type {UnnamedCopy} from '../../../catalog/mirror-state.ts';
import {ok, type Result} from '../../../core/cause.ts';
import type {Emit} from '../../../core/events.ts';
import type {Program} from '../../program.ts';

/** Copies of a cloud that no job of this computer follows any more count for nothing: nobody looks at them, and no restore finds them. @param volume id of the job. */
export async function forgetCloud(program: Program, volume: string, emit: Emit): Promise<void> {
  const catalog = await program.openCatalog();
  const forgotten = catalog.ok ? await forgetAll(catalog.value, volume) : catalog;
  if (!forgotten.ok) emit({type: 'noticed', level: 'warning', ...forgotten.cause});
}

const AT_A_TIME = 5000;

async function forgetAll(catalog: Catalog, volume: string): Promise<Result<void>> {
  const whole = {volume, folder: ''};
  const told = await catalog.noteMirrorState({...whole, isFirst: true, copies: []});
  if (!told.ok) return told;
  for (let after: UnnamedCopy | null = null; ; ) {
    const page: Result<readonly UnnamedCopy[]> = await catalog.listUnnamed({
      ...whole,
      after,
      limit: AT_A_TIME,
    });
    if (!page.ok) return page;
    after = page.value.at(-1) ?? null;
    if (after === null) return ok(undefined);
    const copies = page.value.map(({path, hash}) => ({path, hash, goneAt: null}));
    const settled = await catalog.settleUnnamed({volume, copies});
    if (!settled.ok) return settled;
  }
}
