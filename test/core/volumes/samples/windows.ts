/**
 * An answer of the script in windows-script.ts, after the documented shape of Win32_LogicalDisk, Win32_Volume, MSFT_Partition,
 * MSFT_Disk and MSFT_PhysicalDisk (learn.microsoft.com): a system disk with two volumes, a USB reader with a card in one slot of two,
 * a USB drive with BitLocker, a mirrored storage space over disks 5 and 6, an image on D:, an iSCSI disk, a dynamic disk, and a
 * network drive. `"\u0000"` and `[null]` are what PowerShell 5.1 writes for a letter and a path that are not there.
 */
const guid = (letter: string) => `\\\\?\\Volume{${letter.repeat(8)}-0000-0000-0000-100000000000}\\`;

const volume = (letter: string, facts: Readonly<Record<string, unknown>> = {}) => ({
  DeviceID: guid(letter),
  Name: `${letter}:\\`,
  FileSystem: 'NTFS',
  Label: null,
  SerialNumber: 439041101,
  Capacity: 1_000_000_000,
  DriveType: 3,
  ...facts,
});

const partition = (
  disk: number,
  letter: string,
  facts: Readonly<Record<string, unknown>> = {},
) => ({
  DiskNumber: disk,
  AccessPaths: [`${letter}:\\`, guid(letter)],
  MbrType: 7,
  GptType: null,
  ...facts,
});

const disk = (number: number, bus: number, facts: Readonly<Record<string, unknown>> = {}) => ({
  Number: number,
  UniqueId: `ID${number}`,
  FriendlyName: `Disk ${number}`,
  BusType: bus,
  Location: 'Integrated : Adapter 0 : Port 0',
  ...facts,
});

export const WINDOWS = {
  Letters: [
    {DeviceID: 'C:', DriveType: 3, ProviderName: null, FileSystem: 'NTFS'},
    {DeviceID: 'N:', DriveType: 4, ProviderName: '\\\\nas\\photos', FileSystem: 'NTFS'},
  ],
  Volumes: [
    volume('C', {Label: 'Windows'}),
    volume('D', {Label: 'Data'}),
    volume('E', {Label: 'EOS_DIGITAL', FileSystem: 'exFAT', DriveType: 2}),
    volume('F', {FileSystem: null, SerialNumber: null, Capacity: null, DriveType: 2}),
    volume('G', {Label: 'Backup'}),
    volume('H', {Label: 'Pool'}),
    volume('I', {Label: 'Image'}),
    volume('J', {Label: 'Lun'}),
    volume('K', {Label: 'Spanned'}),
    volume('L', {Label: 'Software drive'}),
    volume('M', {Name: 'C:\\mnt\\photos\\', Label: 'Folder'}),
  ],
  Partitions: [
    {
      DiskNumber: 0,
      AccessPaths: [null],
      MbrType: null,
      GptType: '{e3c9e316-0b5c-4db8-817d-f92df00215ae}',
    },
    partition(0, 'C'),
    partition(0, 'D'),
    partition(2, 'E', {MbrType: 7}),
    partition(4, 'G'),
    partition(7, 'H'),
    partition(8, 'I'),
    partition(9, 'J'),
    partition(10, 'K', {MbrType: 66}),
    partition(11, 'M', {AccessPaths: ['C:\\mnt\\photos\\', guid('M')]}),
  ],
  Disks: [
    disk(0, 17, {FriendlyName: 'Samsung SSD 980'}),
    disk(2, 7, {FriendlyName: 'Generic STORAGE DEVICE'}),
    disk(3, 7, {FriendlyName: 'Generic STORAGE DEVICE'}),
    disk(4, 7, {FriendlyName: 'WD Elements'}),
    disk(7, 16, {FriendlyName: 'Pool'}),
    disk(8, 15, {FriendlyName: 'Msft Virtual Disk', Location: 'D:\\images\\a.vhdx'}),
    disk(9, 9),
    disk(10, 11),
    disk(11, 11),
  ],
  PhysicalDisks: [
    {DeviceId: '0', FriendlyName: 'Samsung SSD 980', MediaType: 4},
    {DeviceId: '4', FriendlyName: 'WD Elements', MediaType: 0},
    {DeviceId: '5', FriendlyName: 'WDC WD40EFRX', MediaType: 3},
    {DeviceId: '6', FriendlyName: 'WDC WD40EFRX', MediaType: 3},
  ],
  // A list of one without brackets, and a wrapped list: both are ways of PowerShell 5.1.
  Spaces: {UniqueId: 'ID7', DeviceIds: {value: ['5', '6'], Count: 2}},
};
