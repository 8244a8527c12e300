/** What a person starts, and the page that says how. */
import type {PackedFile} from './packed-file.ts';
import type {Target} from './targets.ts';

/** Follows links to itself, and needs no other program than the shell when there are none. */
const SHELL = `#!/bin/sh
self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=\${self%/*}/$link ;;
  esac
done
case $self in
  */*) home=\${self%/*} ;;
  *) home=. ;;
esac
home=$(CDPATH= cd -- "$home" && pwd -P) || exit 1
exec "$home/runtime/node" "$home/app/bin/offload.cjs" "$@"
`;

/** The window of a double-click closes with the program: after a failure it waits for a key. */
const BATCH = `@echo off
setlocal
"%~dp0runtime\\node.exe" "%~dp0app\\bin\\offload.cjs" %*
set "code=%ERRORLEVEL%"
if "%~1"=="" if not "%code%"=="0" pause
exit /b %code%
`;

const SAME = `Nothing is installed, and nothing else is needed: the runtime and all parts lie in this folder.
Keep the folder together; it may lie anywhere. To remove the program, delete the folder.
What it remembers lies elsewhere (docs/settings.md, docs/catalog.md) and stays.

How to use it: docs. Licences of all parts: licences.
`;

const START: Readonly<Record<Target['os'], string>> = {
  win32: `Double-click offload.cmd, or type in a terminal: offload.cmd --help

Unpack the whole archive first: Windows can look into it, but the program cannot run there.
Windows may ask once whether a file from the internet may run.
`,
  darwin: `Double-click offload.command, or type in a terminal: ./offload --help

It needs macOS 11 or newer. What a browser brought is held back by macOS until you allow it. Type this once, in this folder:

    xattr -dr com.apple.quarantine .

`,
  linux: `Type in a terminal, in this folder: ./offload

It needs the C and C++ libraries of an ordinary distribution (glibc 2.29 or newer, libstdc++; not musl).
exiftool, which lies here too, needs perl: Debian and Ubuntu always have enough of it. Where there is none
offload runs all the same, and goes by the times of the files where it would ask exiftool for dates.
`,
};

/** @returns launchers and README.txt, at the root of the archive. */
export function makeLaunchers({os}: Pick<Target, 'os'>): readonly PackedFile[] {
  const text = (path: string, lines: string, isProgram = false): PackedFile => ({
    path,
    // Notepad of older Windows and its command processor want both characters at the end of a line.
    bytes: Buffer.from(os === 'win32' ? lines.replaceAll('\n', '\r\n') : lines),
    isProgram,
  });
  const page = text('README.txt', `offload\n\n${START[os]}\n${SAME}`);
  switch (os) {
    case 'win32':
      return [text('offload.cmd', BATCH, true), page];
    case 'darwin':
      return [text('offload', SHELL, true), text('offload.command', SHELL, true), page];
    case 'linux':
      return [text('offload', SHELL, true), page];
  }
}
