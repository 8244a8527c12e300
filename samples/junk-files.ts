/** What macOS and Windows leave on a card that was once plugged into them. The program leaves all of it out and says so. */
import {type NewFile, shootSingle} from './camera-roll.ts';
import {clockTime} from './card-time.ts';
import {seedRandom} from './seeded-random.ts';

const PLUGGED_IN = clockTime(14, 2);

/** @returns the files, none of which is to be copied. */
export function leaveJunk(seed: number): NewFile[] {
  return [
    shootSingle(seed, '.Trashes/501/IMG_8888.JPG', PLUGGED_IN),
    {path: '._.Trashes', bytes: writeAppleDouble(), modified: PLUGGED_IN},
    {path: '.DS_Store', bytes: writeDesktopStore(), modified: PLUGGED_IN},
    {
      path: '.Spotlight-V100/VolumeConfiguration.plist',
      bytes: writeSpotlightList(),
      modified: PLUGGED_IN,
    },
    {
      path: 'System Volume Information/IndexerVolumeGuid',
      bytes: Buffer.from(`{${makeGuid(seed)}}`, 'utf16le'),
      modified: PLUGGED_IN,
    },
  ];
}

/** AppleDouble 2 (RFC 1740, appendix B): magic, version, filler and one entry, 32 bytes of Finder information. */
function writeAppleDouble(): Buffer {
  const bytes = Buffer.alloc(26 + 12 + 32);
  bytes.writeUInt32BE(0x00051607, 0);
  bytes.writeUInt32BE(0x00020000, 4);
  bytes.write('Mac OS X        ', 8, 'latin1');
  bytes.writeUInt16BE(1, 24);
  bytes.writeUInt32BE(9, 26);
  bytes.writeUInt32BE(38, 30);
  bytes.writeUInt32BE(32, 34);
  return bytes;
}

/** Only the head of a `.DS_Store` (magic numbers of its buddy allocator, as Wim Lewis and Mark Mentovai describe them), then zeros. */
function writeDesktopStore(): Buffer {
  const bytes = Buffer.alloc(6148);
  bytes.writeUInt32BE(1, 0);
  bytes.write('Bud1', 4, 'latin1');
  return bytes;
}

function writeSpotlightList(): Buffer {
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
\t<key>ConfigurationVersion</key>
\t<integer>1</integer>
\t<key>Stores</key>
\t<dict/>
</dict>
</plist>
`);
}

function makeGuid(seed: number): string {
  const random = seedRandom(seed, 'guid');
  const digits = (count: number) =>
    Array.from({length: count}, () => Math.floor(random() * 16).toString(16)).join('');
  return [8, 4, 4, 4, 12].map(digits).join('-').toUpperCase();
}
