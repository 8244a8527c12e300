/**
 * Asks Windows not to fall asleep, answers `held`, and reads its input to the end. The wish belongs to the thread that spoke it and ends
 * with it. 2147483649 is ES_CONTINUOUS (0x80000000) with ES_SYSTEM_REQUIRED (0x00000001); the answer is 0 when it was refused
 * (SetThreadExecutionState, winbase.h, learn.microsoft.com). No double quotes and no shell: the text goes as one argument, and
 * [char]34 is the quote that C# needs.
 */
export const KEEP_AWAKE_SCRIPT = [
  "$ErrorActionPreference = 'Stop'",
  '$quote = [char]34',
  "$refused = 'Windows refused it'",
  "$call = '[DllImport(' + $quote + 'kernel32.dll' + $quote + ')] public static extern uint SetThreadExecutionState(uint flags);'",
  '$power = Add-Type -Namespace Offload -Name Power -MemberDefinition $call -PassThru',
  'if ($power::SetThreadExecutionState([uint32]2147483649) -eq 0) { throw $refused }',
  "[Console]::Out.WriteLine('held')",
  '[Console]::Out.Flush()',
  '$in = [Console]::OpenStandardInput()',
  '$bytes = New-Object byte[] 64',
  'while ($in.Read($bytes, 0, 64) -gt 0) { }',
].join('\n');
