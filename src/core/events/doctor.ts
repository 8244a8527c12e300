/** What `offload doctor` looked at. */

/** `offload doctor`: one thing that was looked at. */
export interface DoctorFinding {
  readonly type: 'doctor-finding';
  /** What was looked at: `node`, `rclone`, `clock`, … */
  readonly area: string;
  /** A drive or a job, where there are several of the kind; null where there is one. */
  readonly about: string | null;
  /** `look`: works, and could be better; `bad`: something is in danger or will fail. */
  readonly state: 'good' | 'look' | 'bad';
  readonly message: string;
  /** What to do; null when nothing is. */
  readonly next: string | null;
}
