import type {Cause} from '../core/cause.ts';
import type {StartTool} from './keep-awake/start-tool.ts';
import {KEEP_AWAKE_SCRIPT} from './keep-awake/windows-script.ts';

export {type StartedTool, type StartTool, startTool} from './keep-awake/start-tool.ts';

/** `released`: let go of before the tool answered. */
export type AwakeState =
  | {readonly type: 'held'}
  | {readonly type: 'not-held'; readonly cause: Cause}
  | {readonly type: 'released'};

/** Keeps the computer from falling asleep by itself until it is let go of, or this program is gone. */
export interface AwakeHold {
  /** Known once the tool of the platform has answered: after ms, on Windows after seconds. Never rejects; nobody needs to wait for it. */
  readonly state: Promise<AwakeState>;
  /** Resolves when the tool is gone; one that does not go is killed after 2 s. May be called again. Never rejects. */
  release(): Promise<void>;
}

interface Tool {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Each tool holds the computer awake until the program that it runs has read its input to the end: that input is a pipe which the
 * system closes when this program dies, however it dies.
 */
const TOOLS: Readonly<Record<string, Tool>> = {
  // systemd-inhibit(1). The lid is left to the user: closing it may still send the computer to sleep (logind.conf(5), LidSwitchIgnoreInhibited).
  linux: {
    command: 'systemd-inhibit',
    args: [
      ...['--what=idle:sleep', '--who=offload', '--why=copying a card', '--mode=block'],
      'cat',
    ],
  },
  // caffeinate(8): -i no idle sleep, -m disks stay on, -s no sleep on mains power.
  darwin: {command: 'caffeinate', args: ['-i', '-m', '-s', 'cat']},
  win32: {
    command: 'powershell',
    args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', KEEP_AWAKE_SCRIPT],
  },
};

const NEXT =
  'Switch automatic sleep off while cards are copied, or keep the computer awake by hand.';

/** One hold for one run: two of them are two tools. Never throws. @param platform `linux`, `darwin`, `win32`. */
export function keepAwake({
  platform,
  start,
}: {
  readonly platform: string;
  readonly start: StartTool;
}): AwakeHold {
  const tool = Object.hasOwn(TOOLS, platform) ? TOOLS[platform] : undefined;
  if (tool === undefined) {
    const message = `this program cannot keep a computer with ${platform} awake`;
    const cause = {code: 'awake-unknown', message, next: NEXT};
    return {state: Promise.resolve({type: 'not-held', cause}), release: async () => {}};
  }
  const started = start(tool.command, tool.args);
  let isReleased = false;
  const state = started.answered.then((answer): AwakeState => {
    if (answer.ok) return {type: 'held'};
    return isReleased ? {type: 'released'} : {type: 'not-held', cause: explain(answer.cause, tool)};
  });
  return {
    state,
    async release() {
      isReleased = true;
      await started.end();
    },
  };
}

function explain({code, message}: Cause, {command}: Tool): Cause {
  const why = code === 'ENOENT' ? `${command} is not installed` : message;
  return {code: 'awake-not-held', message: `the computer may fall asleep: ${why}`, next: NEXT};
}
