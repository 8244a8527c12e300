import {type BackupTarget, DEFAULT_GRACE_DAYS} from '../../core/backup/backup-job.ts';
import type {VolumePlace} from './place-on-volume.ts';

interface TargetChange {
  readonly named: readonly VolumePlace[];
  readonly graceDays: number | null;
  readonly addsTargets: boolean;
  readonly drops: readonly string[];
}

/** A target that was there keeps its days unless others are typed. */
export function changeTargets(
  all: readonly BackupTarget[],
  {named, graceDays, addsTargets, drops}: TargetChange,
): readonly BackupTarget[] {
  const before = all.filter(({volume}) => !drops.includes(volume));
  const isNew = ({place}: VolumePlace) =>
    !before.some(({volume, folder}) => volume === place.volume && folder === place.folder);
  const targets =
    named.length === 0
      ? before
      : [
          ...(addsTargets ? before : []),
          ...(addsTargets ? named.filter(isNew) : named).map(({place}): BackupTarget => {
            const known = before.find(
              ({volume, folder}) => volume === place.volume && folder === place.folder,
            );
            return known ?? {...place, graceDays: before[0]?.graceDays ?? DEFAULT_GRACE_DAYS};
          }),
        ];
  return graceDays === null ? targets : targets.map((one) => ({...one, graceDays}));
}
