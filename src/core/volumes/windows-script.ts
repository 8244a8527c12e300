/**
 * One PowerShell call for all that Windows tells of volumes and disks, as one JSON object with flat tables: the joins are done here,
 * where they can be tested. Raw CIM classes give numbers instead of words in the user's language. No double quotes and no shell:
 * the text goes as one argument. `Get-VirtualDisk` needs a slow module and is asked only when Storage Spaces (bus 16) are there.
 *
 * Classes and their values: Win32_LogicalDisk, Win32_Volume (learn.microsoft.com, cimwin32-prov); MSFT_Partition, MSFT_Disk,
 * MSFT_PhysicalDisk (learn.microsoft.com, windows-hardware/drivers/storage).
 */
export const WINDOWS_SCRIPT = [
  "$ErrorActionPreference = 'SilentlyContinue'",
  "$ProgressPreference = 'SilentlyContinue'",
  '[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false',
  "$ns = 'root/Microsoft/Windows/Storage'",
  '$letters = @(Get-CimInstance -ClassName Win32_LogicalDisk | Select-Object DeviceID, DriveType, ProviderName, FileSystem)',
  '$volumes = @(Get-CimInstance -ClassName Win32_Volume | Select-Object DeviceID, Name, FileSystem, Label, SerialNumber, Capacity, DriveType)',
  '$partitions = @(Get-CimInstance -Namespace $ns -ClassName MSFT_Partition | Select-Object DiskNumber, AccessPaths, MbrType, GptType)',
  '$disks = @(Get-CimInstance -Namespace $ns -ClassName MSFT_Disk | Select-Object Number, UniqueId, FriendlyName, BusType, Location)',
  '$physical = @(Get-CimInstance -Namespace $ns -ClassName MSFT_PhysicalDisk | Select-Object DeviceId, FriendlyName, MediaType)',
  '$spaces = @()',
  'if (@($disks | Where-Object { $_.BusType -eq 16 }).Count -gt 0) {',
  '  $spaces = @(Get-VirtualDisk | ForEach-Object { @{ UniqueId = $_.UniqueId; DeviceIds = @(Get-PhysicalDisk -VirtualDisk $_ | ForEach-Object { [string]$_.DeviceId }) } })',
  '}',
  '@{ Letters = $letters; Volumes = $volumes; Partitions = $partitions; Disks = $disks; PhysicalDisks = $physical; Spaces = $spaces } | ConvertTo-Json -Depth 5 -Compress',
].join('\n');

/** Arguments of `powershell`; no profile of the user runs, and nothing waits for an answer. */
export const POWERSHELL_ARGUMENTS = [
  ...['-NoLogo', '-NoProfile', '-NonInteractive', '-Command'],
  WINDOWS_SCRIPT,
] as const;
