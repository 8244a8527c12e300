/** Which versions of rclone are good enough for which remotes. Sources: rclone.org/changelog, and what its versions did when they were tried. */
import type {Cause} from '../cause.ts';

export interface RcloneVersion {
  readonly major: number;
  readonly minor: number;
  /** As rclone says it: `1.60.1-DEV`. */
  readonly text: string;
}

/** Older ones were never tried; 1.60 is what Debian 12 has. */
const LEAST_MINOR = 60;
/** Application keys of B2 that are bound to buckets can log on from 1.73 on only: older ones ask version 1 of the API, which refuses them. */
const LEAST_MINOR_FOR_B2 = 73;

/** @param text what `rclone version` prints. @returns null when it is no version of rclone. */
export function parseRcloneVersion(text: string): RcloneVersion | null {
  const [, version = '', major = '', minor = ''] =
    /^rclone v((\d{1,4})\.(\d{1,4})\S*)/m.exec(text) ?? [];
  return version === '' ? null : {major: Number(major), minor: Number(minor), text: version};
}

const isAtLeast = ({major, minor}: RcloneVersion, least: number): boolean =>
  major > 1 || (major === 1 && minor >= least);

/** @param type of the remote and of those that it wraps, as rclone calls them. @returns `rclone-old` when this version must not be used with it; null when it may. */
export function judgeVersion(version: RcloneVersion, types: readonly string[]): Cause | null {
  const [least, why] = types.includes('b2')
    ? [
        LEAST_MINOR_FOR_B2,
        ' for Backblaze B2: older versions cannot log on with keys that are bound to a bucket',
      ]
    : [LEAST_MINOR, ''];
  if (isAtLeast(version, least)) return null;
  const other = types.includes('b2')
    ? " Or reach the bucket through Backblaze's S3 endpoint, with a remote of the type s3."
    : '';
  return {
    code: 'rclone-old',
    message: `rclone ${version.text} is older than 1.${least}${why}`,
    next: `Install a newer one from https://rclone.org/downloads/.${other}`,
  };
}

export const rcloneMissing: Cause = {
  code: 'rclone-missing',
  message: 'rclone is not installed, or is not found by its name',
  next: 'Install it from https://rclone.org/downloads/ (Debian and Ubuntu: apt install rclone; macOS: brew install rclone; Windows: winget install Rclone.Rclone), then make a remote with rclone config.',
};

export const rcloneOdd = (text: string): Cause => ({
  code: 'rclone-odd',
  message: `rclone does not say its version: ${JSON.stringify(text.slice(0, 200))}`,
  next: 'Install it anew from https://rclone.org/downloads/.',
});
