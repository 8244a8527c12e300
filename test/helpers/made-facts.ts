/** What pictures say of their taking, as tests need it. */
import type {PhotoFacts, TakenAt} from '../../src/core/photo/photo-facts.ts';

/** A picture that says nothing of itself when nothing else is said. */
export const photoFacts = (change: Partial<PhotoFacts> = {}): PhotoFacts => ({
  takenAt: undefined,
  make: '',
  model: '',
  serial: '',
  lens: '',
  exposure: '',
  aperture: '',
  iso: '',
  focalLength: '',
  durationSeconds: null,
  ...change,
});

/** @param local the time that the camera recorded. */
export const takenAt = (local: string, change: Partial<TakenAt> = {}): TakenAt => ({
  local,
  milliseconds: 0,
  offsetMinutes: null,
  source: 'recorded',
  ...change,
});

/** A picture of a sample camera, taken at that time. */
export const sampleFacts = (local: string): PhotoFacts =>
  photoFacts({takenAt: takenAt(local), make: 'Sample', model: 'S1'});
