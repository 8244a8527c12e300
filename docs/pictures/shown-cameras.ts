/** What the cards of the pictures were shot with. Numbers, folders and sizes are those of the real cameras. */
import type {ShownCamera} from './make-shown-card.ts';

const MB = 1_000_000;

export const EOS: ShownCamera = {
  make: 'Canon',
  model: 'Canon EOS R6',
  folder: '100CANON',
  prefix: 'IMG_',
  firstNumber: 412,
  count: 148,
  raw: 'CR3',
  rawBytes: 24.6 * MB,
  jpegBytes: 7.8 * MB,
};
export const NIKON: ShownCamera = {
  make: 'NIKON CORPORATION',
  model: 'NIKON Z 8',
  folder: '102NCZ_8',
  prefix: 'DSC_',
  firstNumber: 131,
  count: 120,
  raw: 'NEF',
  rawBytes: 46.3 * MB,
};
export const FUJI: ShownCamera = {
  make: 'FUJIFILM',
  model: 'X-T5',
  folder: '103_FUJI',
  prefix: 'DSCF',
  firstNumber: 2207,
  count: 36,
  raw: 'RAF',
  rawBytes: 41.8 * MB,
  jpegBytes: 14.9 * MB,
};
