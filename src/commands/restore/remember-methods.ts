import type {MediumMethod} from '../../system/medium.ts';
import type {Program} from '../program.ts';
import {chooseReadMethod} from '../read-method.ts';
import type {FoundPlace} from './collect-files.ts';
import type {Source} from './find-sources.ts';

/**
 * How the files of each source are read past the cache, found out once by one that is there.
 * @param listPlaces all places that may be asked for.
 */
export function rememberMethods(
  program: Program,
  listPlaces: () => Iterable<FoundPlace>,
): (place: FoundPlace) => Promise<MediumMethod> {
  const methods = new Map<Source, Promise<MediumMethod>>();
  function* pathsOn(source: Source): Generator<string> {
    for (const place of listPlaces()) if (place.source === source) yield place.path;
  }
  return ({source}) => {
    const known = methods.get(source);
    if (known !== undefined) return known;
    const method = chooseReadMethod(program, source.folder.volume, pathsOn(source));
    methods.set(source, method);
    return method;
  };
}
