/** A program of its own: `idle-crew.ts THREAD FILE` has a file read by threads, and then has nothing to do any more. */
import {statSync} from 'node:fs';
import {pathToFileURL} from 'node:url';
import {SmallFileCrew} from '../../src/system/small-files/small-file-crew.ts';

const [thread = '', file = ''] = process.argv.slice(2);
const crew = new SmallFileCrew(2, pathToFileURL(thread));
const read = await crew.read({path: file, device: `${statSync(file, {bigint: true}).dev}`});
process.stdout.write(`${read?.kind}\n`);
