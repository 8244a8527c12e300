import type {Catalog} from '../../catalog/catalog.ts';
import type {Result} from '../../core/cause.ts';
import type {Emit} from '../../core/events.ts';
import type {RunEnd} from '../offload.ts';
import type {Program} from '../program.ts';

export type HasCatalog = Pick<Program, 'openCatalog'>;

/** Asks the catalog something, and says what is wrong with it. @returns what `tell` makes of the answer; exit code 2 when there is none. */
export async function askCatalog<T>(
  program: HasCatalog,
  emit: Emit,
  {
    ask,
    tell,
  }: {
    readonly ask: (catalog: Catalog) => Promise<Result<T>>;
    readonly tell: (answer: T, catalog: Catalog) => RunEnd;
  },
): Promise<RunEnd> {
  const catalog = await program.openCatalog();
  const answer = catalog.ok ? await ask(catalog.value) : catalog;
  if (catalog.ok && catalog.value.notice !== null) {
    emit({type: 'noticed', level: 'warning', ...catalog.value.notice});
  }
  if (catalog.ok && answer.ok) return tell(answer.value, catalog.value);
  const cause = catalog.ok ? answer : catalog;
  if (!cause.ok) emit({type: 'refused', ...cause.cause});
  return {outcome: 'refused', exitCode: 2};
}
