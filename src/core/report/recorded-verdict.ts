import type {VerdictReached} from '../events.ts';
import type {Manifest} from '../manifest.ts';
import {RECORD_FOLDER} from '../place-files.ts';

/** @returns the verdict of a record as it was told at its time. */
export function verdictOf(manifest: Manifest): VerdictReached {
  const {card, verdict, account, warnings, destinations, offload, files} = manifest;
  return {
    type: 'verdict',
    card: {path: card.path, label: card.label},
    ...verdict,
    warnings: warnings.map(({code, message, path}) =>
      path === undefined ? {code, message} : {code, message, path},
    ),
    account,
    leftOut: countRules(card.leftOut),
    copies: destinations.map(({id, to, shoot, volume, mediumRead, lost}) => {
      const separator = shoot.includes('\\') && !shoot.includes('/') ? '\\' : '/';
      const record = `${shoot}${separator}${RECORD_FOLDER}${separator}${offload}`;
      const proved = files.filter((file) =>
        file.copies.some((copy) => copy.destination === id),
      ).length;
      return {
        to,
        shoot,
        manifest: lost ? null : `${record}.json`,
        checksums: lost || proved === 0 ? null : `${record}.b3`,
        drive: volume.model ?? 'unknown',
        mediumRead,
        proved,
      };
    }),
  };
}

function countRules(
  leftOut: readonly {readonly rule: string}[],
): readonly {rule: string; count: number}[] {
  const counts = new Map<string, number>();
  for (const {rule} of leftOut) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts].map(([rule, count]) => ({rule, count})).sort((a, b) => b.count - a.count);
}
