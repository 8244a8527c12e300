/**
 * Folders at the root of a card by which cameras are known: DCIM (DCF 2.0, JEITA CP-3461), PRIVATE, M4ROOT and AVF_INFO (Sony), AVCHD, BDMV, CONTENTS with CLIP (Panasonic P2,
 * Canon XF), BPAV and XDROOT (XDCAM), and the magazine folders of RED (`.RDM`).
 */
const FOLDERS = new Set([
  'DCIM',
  'PRIVATE',
  'M4ROOT',
  'AVF_INFO',
  'AVCHD',
  'BDMV',
  'CONTENTS',
  'CLIP',
  'CLIPS',
  'BPAV',
  'XDROOT',
  'EOSMISC',
]);

/** True when the names in a volume's root are those of a card. A name alone proves little: what is a card for certain is for the user to say. */
export function looksLikeCard(names: readonly string[]): boolean {
  return names.some((name) => FOLDERS.has(name.toUpperCase()) || /\.(?:RDM|RDC)$/i.test(name));
}
