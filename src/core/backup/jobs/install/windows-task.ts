import {ARGUMENTS, EVERY_MINUTES, type Launch, MADE_BY, type StartFile} from './launch.ts';
import {escapeXml, quoteForEnvFile, quoteForWindows} from './quote-arguments.ts';

export const TASK_NAME = 'offload backup';

/** Any moment that is over: the repetition counts from it. */
const START = '2026-01-01T00:00:00';

/**
 * A task of the user ("Task Scheduler Schema", Microsoft Learn), from log-in on and every few minutes. `StartWhenAvailable` makes up for what was missed, once. It runs as the user with no more rights than the
 * user has, also on battery, and never twice at a time.
 * A task takes no variables along: Node reads them from a file beside it.
 * @param folder the data folder, absolute: the file of the task is read from there once, that of the variables each time.
 */
export function windowsTask(launch: Launch, folder: string): readonly StartFile[] {
  const [program = '', ...first] = launch.command;
  const variables = environmentFile(launch, folder);
  const options = variables === undefined ? [] : [`--env-file=${variables.path}`];
  const words = [...options, ...first, ...ARGUMENTS].map(quoteForWindows).join(' ');
  const repetition = [
    '      <Repetition>',
    `        <Interval>PT${EVERY_MINUTES}M</Interval>`,
    '        <StopAtDurationEnd>false</StopAtDurationEnd>',
    '      </Repetition>',
  ];
  const lines = [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    `    <Description>${MADE_BY}. To take it away: offload backup uninstall</Description>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <TimeTrigger>',
    ...repetition,
    `      <StartBoundary>${START}</StartBoundary>`,
    '      <Enabled>true</Enabled>',
    '    </TimeTrigger>',
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    '      <LogonType>InteractiveToken</LogonType>',
    '      <RunLevel>LeastPrivilege</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <Hidden>true</Hidden>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '    <Priority>7</Priority>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    `      <Command>${escapeXml(program)}</Command>`,
    `      <Arguments>${escapeXml(words)}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ];
  const path = `${folder}\\offload-backup-task.xml`;
  const task: StartFile = {path, text: lines.join('\r\n'), encoding: 'utf16le'};
  return variables === undefined ? [task] : [task, variables];
}

const NODE = /(?:^|[\\/])node(?:\.exe)?$/i;

/** `--env-file` of Node (nodejs.org/api/cli.html). @returns undefined where nothing is set, where no Node is started, and for a value that such a file cannot hold. */
function environmentFile(
  {command: [program = '', ...rest], environment}: Launch,
  folder: string,
): StartFile | undefined {
  const lines = Object.entries(environment).map(([name, value]) => {
    const quoted = quoteForEnvFile(value);
    return quoted === undefined ? undefined : `${name}=${quoted}`;
  });
  const isPossible = NODE.test(program) && rest.length > 0 && lines.length > 0;
  if (!isPossible || lines.includes(undefined)) return undefined;
  const text = [`# ${MADE_BY}. To take it away: offload backup uninstall`, ...lines, ''];
  return {path: `${folder}\\offload-backup-env.txt`, text: text.join('\n'), encoding: 'utf8'};
}
