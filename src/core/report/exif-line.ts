/** What a picture says of its taking, in one line. All of it comes from the card. */
import type {PhotoFacts} from '../photo/photo-facts.ts';
import {nameCamera} from '../survey/name-camera.ts';

/** Longer ones are no values. */
const LONGEST = 24;

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** @returns `2026-11-22 14:02:11`; empty where the picture does not say. */
export function describeTime({takenAt}: PhotoFacts): string {
  return takenAt === undefined ? '' : takenAt.local.slice(0, 19).replace('T', ' ');
}

/** @returns `1/250 f/2.8 ISO 400 35 mm`, as much of it as there is; for a film `0:32`. */
export function describeExposure(facts: PhotoFacts): string {
  const {exposure, aperture, iso, focalLength, durationSeconds} = facts;
  const parts = [
    durationSeconds === null ? '' : formatFilmTime(durationSeconds),
    short(exposure),
    prefix('f/', short(aperture)),
    prefix('ISO ', short(iso)),
    short(focalLength).replace(/\.0(?= mm$)/, ''),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** @returns `Canon EOS R6`; empty where the picture does not say. */
export const describeCamera = ({make, model}: PhotoFacts): string => nameCamera({make, model});

/** @param seconds @returns `0:32`, `1:04:09`; empty for what is no time of a film. */
export function formatFilmTime(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > 1000 * HOUR_S) return '';
  const whole = seconds > 0 ? Math.max(1, Math.round(seconds)) : 0;
  const pad = (n: number) => String(n).padStart(2, '0');
  const rest = `${pad(whole % MINUTE_S)}`;
  const minutes = Math.floor(whole / MINUTE_S);
  if (whole < HOUR_S) return `${minutes}:${rest}`;
  return `${Math.floor(whole / HOUR_S)}:${pad(minutes % MINUTE_S)}:${rest}`;
}

const short = (text: string): string => text.trim().slice(0, LONGEST);
const prefix = (before: string, text: string): string => (text === '' ? '' : `${before}${text}`);
