/** `node start-in-group.mjs GROUP PROGRAM ARGS…`: runs the program within a control group, and prints what it used (getrusage(2)) as the last line of stderr. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const [group = '', program = '', ...args] = process.argv.slice(2);
writeFileSync(join(group, 'cgroup.procs'), String(process.pid));
process.argv = [process.execPath, program, ...args];
process.on('exit', () => console.error(JSON.stringify(process.resourceUsage())));
await import(pathToFileURL(program).href);
