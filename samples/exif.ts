/** What a camera notes about a picture, as EXIF 2.32 (CIPA DC-008-2019) writes it into TIFF 6.0 directories. */
import {type CardTime, toExifDate, ZONE} from './card-time.ts';
import {
  ascii,
  type Directory,
  type Field,
  type Fraction,
  long,
  rational,
  short,
  undefinedText,
  writeTiff,
} from './tiff.ts';

/** The camera, which nobody sells. */
export const CAMERA = {
  make: 'Sample',
  model: 'Sample Camera',
  serial: '002026000317',
  lens: 'Sample 24-105mm F4',
} as const;

export interface Shot {
  readonly takenAt: CardTime;
  /** As the camera was held: 1 upright, 6 turned a quarter to the right for viewing. */
  readonly orientation: 1 | 6;
  /** Seconds. */
  readonly exposure: Fraction;
  readonly fNumber: Fraction;
  readonly iso: number;
  /** Millimetres. */
  readonly focalLength: number;
}

interface StillFile {
  readonly shot: Shot;
  readonly width: number;
  readonly height: number;
  /** A small JPEG. */
  readonly thumbnail?: Uint8Array;
}

/** @returns the contents of a JPEG's APP1 segment: identifier, then a TIFF file with the directories of picture and thumbnail. */
export function writeExif({shot, width, height, thumbnail}: StillFile): Buffer {
  const picture: Directory = new Map([
    ...describeCamera(shot),
    [0x0213, short(1)], // YCbCrPositioning: colour is the mean of 2x2 pixels
    [0x8769, {type: 'directory', directory: describeShot({shot, width, height})}],
  ]);
  const chain = thumbnail ? [picture, describeThumbnail(thumbnail)] : [picture];
  return Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), writeTiff(chain).bytes]);
}

/** @returns the fields that stand in the first directory of a picture (EXIF 2.32, 4.6.4). */
export function describeCamera({takenAt, orientation}: Shot): [number, Field][] {
  return [
    [0x010f, ascii(CAMERA.make)],
    [0x0110, ascii(CAMERA.model)],
    [0x0112, short(orientation)],
    [0x011a, rational([72, 1])], // XResolution
    [0x011b, rational([72, 1])], // YResolution
    [0x0128, short(2)], // ResolutionUnit: inch
    [0x0132, ascii(toExifDate(takenAt))], // DateTime
  ];
}

/** @returns the EXIF directory (EXIF 2.32, 4.6.5). */
export function describeShot({shot, width, height}: Omit<StillFile, 'thumbnail'>): Directory {
  const date = ascii(toExifDate(shot.takenAt));
  const zone = ascii(ZONE);
  return new Map<number, Field>([
    [0x829a, rational(shot.exposure)], // ExposureTime
    [0x829d, rational(shot.fNumber)],
    [0x8822, short(3)], // ExposureProgram: aperture priority
    [0x8827, short(shot.iso)], // PhotographicSensitivity
    [0x8830, short(2)], // SensitivityType: recommended exposure index
    [0x8832, long(shot.iso)], // RecommendedExposureIndex
    [0x9000, undefinedText('0232')], // ExifVersion
    [0x9003, date], // DateTimeOriginal
    [0x9004, date], // DateTimeDigitized
    [0x9010, zone], // OffsetTime
    [0x9011, zone], // OffsetTimeOriginal
    [0x9012, zone], // OffsetTimeDigitized
    [0x9101, undefinedText('\x01\x02\x03\0')], // ComponentsConfiguration: Y Cb Cr
    [0x9207, short(5)], // MeteringMode: pattern
    [0x9209, short(16)], // Flash: off
    [0x920a, rational([shot.focalLength, 1])],
    [0xa000, undefinedText('0100')], // FlashpixVersion
    [0xa001, short(1)], // ColorSpace: sRGB
    [0xa002, long(width)],
    [0xa003, long(height)],
    [0xa402, short(0)], // ExposureMode: auto
    [0xa403, short(0)], // WhiteBalance: auto
    [0xa406, short(0)], // SceneCaptureType: standard
    [0xa431, ascii(CAMERA.serial)], // BodySerialNumber
    [0xa432, rational([24, 1], [105, 1], [4, 1], [4, 1])], // LensSpecification
    [0xa434, ascii(CAMERA.lens)], // LensModel
  ]);
}

/** @returns the directory of a thumbnail that is a JPEG (EXIF 2.32, 4.5.5). */
export function describeThumbnail(jpeg: Uint8Array): Directory {
  return new Map<number, Field>([
    [0x0103, short(6)], // Compression: JPEG
    [0x011a, rational([72, 1])],
    [0x011b, rational([72, 1])],
    [0x0128, short(2)],
    [0x0201, {type: 'offset-of', bytes: jpeg}], // JPEGInterchangeFormat
    [0x0202, long(jpeg.length)],
  ]);
}
