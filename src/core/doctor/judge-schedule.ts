import {bad, type Finding, good, look} from './finding.ts';

export interface ScheduleFacts {
  /** Jobs that are to run by themselves: of drives, clouds and Lightroom. */
  readonly jobs: number;
  /** `own`: what `backup install` makes now; `older`: what another version or another place of this program made. */
  readonly installed: 'none' | 'own' | 'older' | 'foreign' | 'unknown';
}

/** Whether anything starts jobs that are to run by themselves. */
export function judgeSchedule({jobs: count, installed}: ScheduleFacts): Finding {
  const where = {area: 'schedule'};
  const jobs = count === 1 ? '1 job' : `${count} jobs`;
  switch (installed) {
    case 'own':
      return good(where, 'the system looks every 15 minutes whether a job is due');
    case 'older':
      return look(
        where,
        'what the system starts was installed by another version, or from another place',
        'Run offload backup install again.',
      );
    case 'foreign':
      return bad(
        where,
        'a file of another program stands where offload backup install writes',
        'Look at it, and rename it when it is not needed; then run offload backup install.',
      );
    case 'unknown':
      return look(
        where,
        'whether the system starts jobs cannot be told on this computer',
        'Keep offload backup watch running, or let offload backup run --due be started every few minutes.',
      );
    case 'none':
      if (count === 0) return good(where, 'no job is to run by itself');
      return look(
        where,
        `${jobs} should run by ${count === 1 ? 'itself' : 'themselves'}, and the system starts none`,
        'Run offload backup install, or keep offload backup watch running.',
      );
  }
}
