/** What this user may do: settings and data can be written, and on macOS protected places can be read. */
import {dirname, join} from 'node:path';
import {causeFrom, errnoOf, type Result} from '../../core/cause.ts';
import {bad, type Finding, fromCause, good, look} from '../../core/doctor/finding.ts';
import type {Program} from '../program.ts';
import type {Examined} from './doctor.ts';

export async function examineFolders(program: Program): Promise<Examined> {
  const {configFolder, dataFolder, settings} = program;
  const [config, data, access] = await Promise.all([
    examineFolder(program, 'settings and jobs', configFolder),
    examineFolder(program, 'catalog and history', dataFolder),
    examineDiskAccess(program),
  ]);
  const where = {area: 'settings'};
  const own =
    settings.problems.length === 0
      ? [good(where, 'the settings are read, or there are none')]
      : settings.problems.map((problem) => fromCause(where, 'look', problem));
  return {findings: [config, data, ...access, ...own], newestMs: null};
}

async function examineFolder(
  program: Program,
  what: string,
  folder: Result<string>,
): Promise<Finding> {
  const where = {area: 'permissions', about: what};
  if (!folder.ok) return fromCause(where, 'bad', folder.cause);
  try {
    const place = await findExisting(program, folder.value);
    await program.files.checkWritable(place);
    return good(where, `${folder.value} can be written`);
  } catch (error) {
    const {message} = causeFrom(error, 'writing', folder.value);
    return bad(
      where,
      `${folder.value} cannot be written: ${message}`,
      'Give this user the right to write there, or set OFFLOAD_HOME to another folder. Offloads work without it; jobs, status and history do not.',
    );
  }
}

/** The folder, or the nearest above it that is there: it is made when it is needed. */
async function findExisting(program: Program, folder: string): Promise<string> {
  try {
    await program.files.follow(folder);
    return folder;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || dirname(folder) === folder) throw error;
    return await findExisting(program, dirname(folder));
  }
}

/** Kept by macOS for those that have Full Disk Access (Apple, "Controlling app access to files in macOS"): whoever can open it has it. */
const PROTECTED = 'Library/Application Support/com.apple.TCC/TCC.db';

/** A program that launchd starts is refused removable drives without it ("Operation not permitted"). */
async function examineDiskAccess({files, launch}: Program): Promise<readonly Finding[]> {
  if (launch.platform !== 'darwin') return [];
  const where = {area: 'permissions', about: 'Full Disk Access'};
  try {
    const file = await files.openToRead(join(launch.homeFolder, PROTECTED), {direct: false});
    await file.close();
    return [good(where, 'this terminal has it')];
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    const isRefused = errno === 'EPERM' || errno === 'EACCES';
    return [
      look(
        where,
        isRefused
          ? 'this terminal does not have it: programs that the system starts may be refused removable drives'
          : `whether this terminal has it cannot be told (${errno})`,
        'Allow the terminal, and node for scheduled backups, under System Settings, Privacy & Security, Full Disk Access.',
      ),
    ];
  }
}
