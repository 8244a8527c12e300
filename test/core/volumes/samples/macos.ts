/** Answers of diskutil and hdiutil. */

const plist = (body: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${body}
</dict>
</plist>
`;

const text = (key: string, value: string) => `<key>${key}</key><string>${value}</string>`;

/** `diskutil info -plist /`, shortened from src/crystal/tests/test_ssd.py in davidfstr/Crystal-Web-Archiver. */
export const ROOT_VOLUME = plist(`<key>APFSContainerReference</key>
<string>disk1</string>
<key>APFSPhysicalStores</key>
<array>
    <dict>
        <key>APFSPhysicalStore</key>
        <string>disk0s2</string>
    </dict>
</array>
<key>BusProtocol</key>
<string>PCI</string>
<key>DeviceIdentifier</key>
<string>disk1s5s1</string>
<key>FilesystemType</key>
<string>apfs</string>
<key>Fusion</key>
<false/>
<key>Internal</key>
<true/>
<key>MediaName</key>
<string></string>
<key>MountPoint</key>
<string>/</string>
<key>ParentWholeDisk</key>
<string>disk1</string>
<key>RAIDMaster</key>
<false/>
<key>RAIDSlice</key>
<false/>
<key>RemovableMedia</key>
<false/>
<key>RemovableMediaOrExternalDevice</key>
<false/>
<key>SMARTDeviceSpecificKeysMayVaryNotGuaranteed</key>
<dict/>
<key>Size</key>
<integer>500068036608</integer>
<key>SolidState</key>
<true/>
<key>TotalSize</key>
<integer>500068036608</integer>
<key>VolumeName</key>
<string>SSD</string>
<key>VolumeUUID</key>
<string>CA15E030-DBDD-4FF4-847D-50D5EE26B798</string>
<key>WholeDisk</key>
<false/>`);

/** `diskutil info -plist /Volumes/HDD`, shortened from the same file: an external USB hard disk. */
export const USB_VOLUME = plist(`<key>BusProtocol</key>
<string>USB</string>
<key>DeviceIdentifier</key>
<string>disk11s2</string>
<key>FilesystemType</key>
<string>hfs</string>
<key>Internal</key>
<false/>
<key>MediaName</key>
<string></string>
<key>MountPoint</key>
<string>/Volumes/HDD</string>
<key>ParentWholeDisk</key>
<string>disk11</string>
<key>RAIDMaster</key>
<false/>
<key>RAIDSlice</key>
<false/>
<key>RemovableMedia</key>
<false/>
<key>RemovableMediaOrExternalDevice</key>
<true/>
<key>TotalSize</key>
<integer>5000603328512</integer>
<key>VolumeName</key>
<string>HDD</string>
<key>VolumeUUID</key>
<string>18A39FDB-D619-3299-8863-9A3A33608A7F</string>
<key>WholeDisk</key>
<false/>`);

/** What diskutil says of a network volume; from the same file. */
export const ERROR = plist(`<key>Error</key>
<true/>
<key>ErrorMessage</key>
<string>Could not find disk: /Volumes/SMB</string>
<key>ExitCode</key>
<integer>1</integer>`);

/** `hdiutil info -plist` and `diskutil info -plist disk6s1` after answers of macOS 26 that a public test suite recorded. */
export const HDIUTIL = plist(`<key>images</key><array>
  <dict>
    <key>image-path</key><string>/Users/someone/Downloads/App.dmg</string>
    <key>system-entities</key><array>
      <dict><key>dev-entry</key><string>/dev/disk4</string></dict>
      <dict><key>dev-entry</key><string>/dev/disk4s1</string><key>mount-point</key><string>/Volumes/App</string></dict>
    </array>
  </dict>
  <dict>
    <key>image-path</key><string>/var/folders/xy/T/image.sparseimage</string>
    <key>system-entities</key><array>
      <dict><key>dev-entry</key><string>/dev/disk5</string></dict>
      <dict><key>dev-entry</key><string>/dev/disk5s1</string></dict>
      <dict><key>dev-entry</key><string>/dev/disk6</string></dict>
      <dict><key>dev-entry</key><string>/dev/disk6s1</string><key>mount-point</key><string>/Volumes/IMAGE</string></dict>
    </array>
  </dict>
</array>`);

export const IMAGE_VOLUME = plist(`<key>APFSContainerReference</key><string>disk6</string>
<key>APFSPhysicalStores</key><array><dict><key>APFSPhysicalStore</key><string>disk5s1</string></dict></array>
<key>BusProtocol</key><string>Disk Image</string>
<key>DeviceIdentifier</key><string>disk6s1</string>
<key>MountPoint</key><string>/Volumes/IMAGE</string>
<key>ParentWholeDisk</key><string>disk6</string>
<key>VolumeName</key><string>IMAGE</string>
<key>WholeDisk</key><false/>`);

/** A part of a disk, after the shape of the answers above. */
export const diskPart = (device: string, whole: string, bus = 'PCI-Express') =>
  plist(
    text('BusProtocol', bus) +
      text('DeviceIdentifier', device) +
      text('ParentWholeDisk', whole) +
      '<key>WholeDisk</key><false/>',
  );

/** A whole disk, after the shape of the answers above. */
export const wholeDisk = (device: string, {model = 'Disk', bus = 'USB', more = ''} = {}) =>
  plist(
    text('BusProtocol', bus) +
      text('DeviceIdentifier', device) +
      text('MediaName', model) +
      text('ParentWholeDisk', device) +
      text('VirtualOrPhysical', bus === 'Disk Image' ? 'Virtual' : 'Physical') +
      `<key>WholeDisk</key><true/>${more}`,
  );

/** An APFS volume on a container with the given stores: a Fusion drive has two. */
export const apfsVolume = (device: string, container: string, stores: readonly string[]) =>
  plist(
    `<key>APFSPhysicalStores</key><array>${stores
      .map((store) => `<dict>${text('APFSPhysicalStore', store)}</dict>`)
      .join('')}</array>` +
      text('DeviceIdentifier', device) +
      text('ParentWholeDisk', container) +
      text('FilesystemType', 'apfs') +
      '<key>WholeDisk</key><false/>',
  );

/** Lines of mount(8) as several public test suites for macOS have them. */
export const MOUNT = `/dev/disk1s5s1 on / (apfs, sealed, local, read-only, journaled)
devfs on /dev (devfs, local, nobrowse)
/dev/disk1s1 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
/dev/disk11s2 on /Volumes/HDD (hfs, local, nodev, nosuid, journaled, noowners)
/dev/disk4s2 on /Volumes/My Disk (Kodak) (exfat, local, nodev, nosuid, noowners)
//guest@nas._smb._tcp.local/media on /Volumes/media (smbfs, nodev, nosuid, mounted by me)
nas:/export/backups on /Volumes/backups (nfs, nodev, nosuid)
`;
