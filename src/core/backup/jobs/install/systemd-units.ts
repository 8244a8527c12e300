import {ARGUMENTS, EVERY_MINUTES, type Launch, MADE_BY, type StartFile} from './launch.ts';
import {quoteForSystemd, quoteSetting} from './quote-arguments.ts';

export const UNIT_NAME = 'offload-backup';

/** A service that runs what is due, and a timer that starts it (systemd.service(5), systemd.timer(5)). They belong to the user, in the place that systemd.unit(5) names. */
export function systemdUnits({command, configHome, environment}: Launch): readonly StartFile[] {
  const folder = `${configHome}/systemd/user`;
  const start = [...command, ...ARGUMENTS].map(quoteForSystemd).join(' ');
  const settings = Object.entries(environment).map(
    ([name, value]) => `Environment=${quoteSetting(`${name}=${value}`)}`,
  );
  const service = [
    `# ${MADE_BY}. To take it away: offload backup uninstall`,
    '[Unit]',
    'Description=offload: run the backup jobs that are due',
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${start}`,
    ...settings,
    // The block in hand is finished; a slow drive may take its time for that.
    'TimeoutStopSec=300',
    'Nice=10',
    '',
  ];
  const timer = [
    `# ${MADE_BY}. To take it away: offload backup uninstall`,
    '[Unit]',
    'Description=offload: look whether a backup job is due',
    '',
    '[Timer]',
    `OnCalendar=*:0/${EVERY_MINUTES}`,
    // Once, however often it was missed.
    'Persistent=true',
    'RandomizedDelaySec=30',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ];
  return [
    {path: `${folder}/${UNIT_NAME}.service`, text: service.join('\n'), encoding: 'utf8'},
    {path: `${folder}/${UNIT_NAME}.timer`, text: timer.join('\n'), encoding: 'utf8'},
  ];
}
