/**
 * A RIFF WAVE file: "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991), 16-bit PCM, one channel.
 */
import type {SeededRandom} from './seeded-random.ts';

/** @returns a whole WAV file. `samplesPerSecond` is its rate. */
export function writeWav(samples: Int16Array, samplesPerSecond: number): Buffer {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, index) => {
    data.writeInt16LE(sample, index * 2);
  });
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0); // WAVE_FORMAT_PCM
  format.writeUInt16LE(1, 2); // channels
  format.writeUInt32LE(samplesPerSecond, 4);
  format.writeUInt32LE(samplesPerSecond * 2, 8); // bytes a second
  format.writeUInt16LE(2, 12); // bytes for one moment
  format.writeUInt16LE(16, 14); // bits a sample
  const body = [Buffer.from('WAVE'), makeChunk('fmt ', format), makeChunk('data', data)];
  return makeChunk('RIFF', Buffer.concat(body));
}

/** A chunk is an id of four letters, the length of its contents and the contents, which are of even length here. */
function makeChunk(id: string, contents: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(contents.length, 4);
  return Buffer.concat([head, contents]);
}

/** @returns something like a voice: short tones of a falling and rising pitch with silence between them. */
export function hum(random: SeededRandom, seconds: number, samplesPerSecond: number): Int16Array {
  const samples = new Int16Array(seconds * samplesPerSecond);
  const syllable = Math.floor(samplesPerSecond / 5);
  let phase = 0;
  let pitch = 0;
  for (let index = 0; index < samples.length; index++) {
    const part = (index % syllable) / syllable;
    if (part === 0) pitch = 110 + random() * 120;
    phase = (phase + (pitch * (1 + part * 0.2)) / samplesPerSecond) % 1;
    const triangle = Math.abs(phase * 4 - 2) - 1;
    const loudness = part * (1 - part) * 4 * (part < 0.8 ? 1 : 0);
    samples[index] = Math.round(triangle * loudness * 9000 + (random() - 0.5) * 120);
  }
  return samples;
}
