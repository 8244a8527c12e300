/** What is written and which tools are asked, on each platform. */
import {type Cause, failed, ok, type Result} from '../../../cause.ts';
import type {Launch, StartFile} from './launch.ts';
import {AGENT_LABEL, launchdAgent} from './launchd-agent.ts';
import {systemdUnits, UNIT_NAME} from './systemd-units.ts';
import {TASK_NAME, windowsTask} from './windows-task.ts';

/** A tool and its arguments. */
type Step = readonly string[];

export interface StartPlan {
  readonly files: readonly StartFile[];
  /** May fail: takes away what an earlier version registered. */
  readonly before: {readonly register: readonly Step[]; readonly unregister: readonly Step[]};
  readonly register: readonly Step[];
  readonly unregister: readonly Step[];
  /** May fail. */
  readonly afterRemoval: readonly Step[];
  /** When it runs, as a sentence. */
  readonly when: string;
  readonly warnings: readonly Cause[];
}

/** @param dataFolder absolute. @returns the plan; `install-unknown` for a platform that has no such service, `install-no-program` when the program cannot be started by itself. */
export function startPlan(launch: Launch, dataFolder: string): Result<StartPlan> {
  if (launch.command.length === 0 || launch.command.includes('')) return failed(NO_PROGRAM);
  const warnings = isPassing(launch.command) ? [PASSING] : [];
  switch (launch.platform) {
    case 'linux':
      return ok({...planSystemd(launch), warnings});
    case 'darwin':
      return ok({...planLaunchd(launch), warnings: [...warnings, ASKS_FOR_CONSENT]});
    case 'win32': {
      const planned = planTask(launch, dataFolder);
      // Without the second file the variables are lost.
      const lost = planned.files.length > 1 ? [] : Object.entries(launch.environment);
      return ok({...planned, warnings: [...warnings, ...lost.map(variableIsLost)]});
    }
    default:
      return failed(unknownPlatform(launch.platform));
  }
}

/** npx keeps programs in a cache that is emptied without asking. */
const isPassing = (command: readonly string[]): boolean =>
  command.some((part) => /[\\/]_npx[\\/]/.test(part));

type Planned = Omit<StartPlan, 'warnings'>;

/** systemctl(1). */
function planSystemd(launch: Launch): Planned {
  const systemctl = (...args: readonly string[]): Step => ['systemctl', '--user', ...args];
  const timer = `${UNIT_NAME}.timer`;
  return {
    files: systemdUnits(launch),
    before: {register: [], unregister: []},
    register: [systemctl('daemon-reload'), systemctl('enable', '--now', timer)],
    unregister: [systemctl('disable', '--now', timer)],
    afterRemoval: [systemctl('daemon-reload')],
    when: 'That is while you are logged in; loginctl enable-linger lets it run without that. Its words: journalctl --user -u offload-backup',
  };
}

/** launchctl(1): a label that is loaded must be taken out before it is loaded again. */
function planLaunchd(launch: Launch): Planned {
  const files = launchdAgent(launch);
  const domain = `gui/${launch.userId ?? 0}`;
  const out: Step = ['launchctl', 'bootout', `${domain}/${AGENT_LABEL}`];
  return {
    files,
    before: {register: [out], unregister: []},
    register: [['launchctl', 'bootstrap', domain, files[0]?.path ?? '']],
    unregister: [out],
    afterRemoval: [],
    when: 'That is while you are logged in. Its words: ~/Library/Logs/offload-backup.log',
  };
}

/** "schtasks create" and "schtasks delete" (Microsoft Learn). */
function planTask(launch: Launch, dataFolder: string): Planned {
  const files = windowsTask(launch, dataFolder);
  return {
    files,
    before: {register: [], unregister: []},
    register: [['schtasks', '/create', '/tn', TASK_NAME, '/xml', files[0]?.path ?? '', '/f']],
    unregister: [['schtasks', '/delete', '/tn', TASK_NAME, '/f']],
    afterRemoval: [],
    when: `That is while you are logged in. It is the task "${TASK_NAME}" in the Task Scheduler`,
  };
}

const NO_PROGRAM: Cause = {
  code: 'install-no-program',
  message: 'this program does not know how it was started, so the system cannot start it',
  next: 'Install offload with npm install -g, and run the installed one.',
};

const PASSING: Cause = {
  code: 'install-passing',
  message:
    'this program lies in a cache of npx that is emptied from time to time: then no job is run any more',
  next: 'Install offload with npm install -g, and run offload backup install again.',
};

const ASKS_FOR_CONSENT: Cause = {
  code: 'install-consent',
  message:
    'macOS may keep programs that it starts by itself from removable drives ("Operation not permitted")',
  next: 'When a job fails so, allow node under Privacy & Security: Full Disk Access, or Files and Folders: Removable Volumes.',
};

const variableIsLost = ([name, value]: readonly [string, string]): Cause => ({
  code: 'install-home',
  message: `a task of Windows takes no ${name} along, and the file for it cannot hold this one`,
  next: `Set it for this user: setx ${name} "${value}"`,
});

const unknownPlatform = (platform: string): Cause => ({
  code: 'install-unknown',
  message: `there is no way yet to install a service on ${platform}`,
  next: 'Let offload backup run --due be started every few minutes, or keep offload backup watch running.',
});
