/**
 * Ejects the drive of one letter as Explorer does, without administrator's rights. The verb works in the background and says nothing, so
 * the script waits until the drive has no medium; it answers `gone`, `still-there` or `system`. 17 is the folder of all drives
 * (ssfDRIVES, ShellSpecialFolderConstants, learn.microsoft.com); the verb's name is the same in every language. `IsReady` is false for
 * an empty slot and for a letter that is gone (System.IO.DriveInfo). No double quotes and no shell: the text goes as one argument.
 */
const SCRIPT = [
  '& { param([string]$letter)',
  "$ErrorActionPreference = 'Stop'",
  '[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false',
  "if ($letter -eq $env:SystemDrive) { 'system'; return }",
  '$drive = New-Object System.IO.DriveInfo $letter',
  "if (-not $drive.IsReady) { 'gone'; return }",
  '$folder = (New-Object -ComObject Shell.Application).NameSpace(17)',
  '$item = $folder.ParseName($letter)',
  "if ($null -eq $item) { 'still-there'; return }",
  "$item.InvokeVerb('Eject')",
  'foreach ($try in 1..60) {',
  '  Start-Sleep -Milliseconds 250',
  "  if (-not $drive.IsReady) { 'gone'; return }",
  '}',
  "'still-there' }",
].join('\n');

/**
 * Arguments of `powershell`: what stands behind `-Command` is joined by blanks and read as one script, so the letter is its argument.
 * @param letter `E:`.
 * @throws when it is anything else, because it becomes a part of a script.
 */
export function ejectArguments(letter: string): readonly string[] {
  if (!/^[A-Z]:$/.test(letter)) throw new Error(`no drive letter: ${JSON.stringify(letter)}`);
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Sta', '-Command', SCRIPT, letter];
}
