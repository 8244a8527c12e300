import test from 'ava';
import {isMissing} from '../../src/system/missing-program.ts';

test('the command prompt in the place of a program is a program that is not there', (t) => {
  t.true(isMissing('rclone', 'C:\\Windows\\system32\\cmd.exe'));
  t.true(isMissing('rclone', 'CMD.EXE'));
});

test('a program that was started is there', (t) => {
  t.false(isMissing('rclone', 'rclone'));
  t.false(
    isMissing('powershell', 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'),
  );
  t.false(isMissing('notcmd', 'C:\\tools\\notcmd.exe'));
  t.false(isMissing('cmd.exe', 'cmd.exe'));
});
