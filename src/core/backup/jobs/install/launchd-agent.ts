import {ARGUMENTS, EVERY_MINUTES, type Launch, MADE_BY, type StartFile} from './launch.ts';
import {escapeXml} from './quote-arguments.ts';

export const AGENT_LABEL = 'offload.backup';

/** An agent of the user (launchd.plist(5)): at log-in and every few minutes; what was missed in sleep is started once on wake. */
export function launchdAgent({command, homeFolder, environment}: Launch): readonly StartFile[] {
  const strings = [...command, ...ARGUMENTS].map((one) => `    <string>${escapeXml(one)}</string>`);
  const variables = Object.entries(environment).flatMap(([name, value]) => [
    `    <key>${escapeXml(name)}</key>`,
    `    <string>${escapeXml(value)}</string>`,
  ]);
  const setting =
    variables.length === 0
      ? []
      : ['  <key>EnvironmentVariables</key>', '  <dict>', ...variables, '  </dict>'];
  const log = escapeXml(`${homeFolder}/Library/Logs/offload-backup.log`);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${MADE_BY}. To take it away: offload backup uninstall -->`,
    '<plist version="1.0">',
    '<dict>',
    '  <key>Label</key>',
    `  <string>${AGENT_LABEL}</string>`,
    '  <key>ProgramArguments</key>',
    '  <array>',
    ...strings,
    '  </array>',
    ...setting,
    '  <key>RunAtLoad</key>',
    '  <true/>',
    '  <key>StartInterval</key>',
    `  <integer>${EVERY_MINUTES * 60}</integer>`,
    '  <key>ProcessType</key>',
    '  <string>Background</string>',
    '  <key>ExitTimeOut</key>',
    '  <integer>300</integer>',
    '  <key>StandardOutPath</key>',
    `  <string>${log}</string>`,
    '  <key>StandardErrorPath</key>',
    `  <string>${log}</string>`,
    '</dict>',
    '</plist>',
    '',
  ];
  const path = `${homeFolder}/Library/LaunchAgents/${AGENT_LABEL}.plist`;
  return [{path, text: lines.join('\n'), encoding: 'utf8'}];
}
