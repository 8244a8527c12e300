/** What the sample camera looks at: an afternoon sky, hills, and balloons. Every scene differs. */
import type {Picture} from './picture.ts';
import {pickBetween, pickOne, type SeededRandom} from './seeded-random.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Positions are shares of the picture: 0 is left or top, 1 is right or bottom. The radius is a share of its height. */
interface Balloon {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colour: Colour;
}

/** One row of hills: its height at equal distances from left to right, and its colour. */
interface Ridge {
  readonly tops: readonly number[];
  readonly colour: Colour;
}

export interface Scene {
  readonly skyAbove: Colour;
  readonly skyBelow: Colour;
  readonly sun: {readonly x: number; readonly y: number};
  readonly balloons: readonly Balloon[];
  readonly ridges: readonly Ridge[];
}

const BALLOON_COLOURS: readonly Colour[] = [
  [214, 48, 49],
  [253, 203, 110],
  [9, 132, 227],
  [108, 92, 231],
  [255, 255, 255],
  [0, 184, 148],
];

/** @param dusk 0 in the early afternoon to 1 in the evening: the sun sinks and the sky turns warm. */
export function imagineScene(random: SeededRandom, dusk: number): Scene {
  const balloons = Array.from({length: pickBetween(random, 2, 5)}, () => ({
    x: 0.08 + random() * 0.84,
    y: 0.1 + random() * 0.45,
    radius: 0.03 + random() * 0.08,
    colour: pickOne(random, BALLOON_COLOURS),
  }));
  const ridges = [0.58, 0.7, 0.84].map((top, depth) => ({
    tops: Array.from({length: 7}, () => top + (random() - 0.5) * 0.16),
    colour: mix([126, 158, 164], [38, 70, 48], depth / 2),
  }));
  return {
    skyAbove: mix([64, 138, 214], [72, 62, 120], dusk),
    skyBelow: mix([206, 230, 244], [250, 176, 108], dusk),
    sun: {x: 0.15 + random() * 0.7, y: 0.12 + dusk * 0.4},
    balloons,
    ridges,
  };
}

/** How to paint a {@link Scene}. */
export interface View {
  readonly width: number;
  readonly height: number;
  /** Share of the width by which the balloons have moved to the right: a film is a row of such views. */
  readonly drift?: number;
  /** Noise of the sensor. */
  readonly grain: SeededRandom;
}

/** @returns the scene as the camera sees it, with a little grain. */
export function paintScene(scene: Scene, {width, height, drift = 0, grain}: View): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colourAt({scene, x: x / width, y: y / height, aspect: width / height, drift});
      const noise = (grain() - 0.5) * 12;
      const at = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        rgb[at + channel] = toByte((colour[channel] ?? 0) + noise);
      }
    }
  }
  return {width, height, rgb};
}

interface Spot {
  readonly scene: Scene;
  readonly x: number;
  readonly y: number;
  /** Width through height: keeps circles round. */
  readonly aspect: number;
  readonly drift: number;
}

function colourAt({scene, x, y, aspect, drift}: Spot): Colour {
  const ridge = scene.ridges.findLast(({tops}) => y >= heightAt(tops, x));
  if (ridge) return mix(ridge.colour, [20, 34, 26], (y - 0.5) * 0.7);

  for (const balloon of scene.balloons) {
    const distance = distanceBetween({x, y}, {x: balloon.x + drift, y: balloon.y}, aspect);
    if (distance < balloon.radius) {
      return shadeBalloon(balloon, (x - drift - balloon.x) * aspect, distance);
    }
  }
  const sky = mix(scene.skyAbove, scene.skyBelow, y * 1.5);
  const glow = 1 - distanceBetween({x, y}, scene.sun, aspect) / 0.28;
  if (glow <= 0) return sky;
  return glow > 0.82 ? [255, 250, 226] : mix(sky, [255, 236, 190], glow * glow);
}

/** @param side how far right of its middle, in heights of the picture, as the radius and the distance are. */
function shadeBalloon({radius, colour}: Balloon, side: number, distance: number): Colour {
  const stripe = Math.floor((side / radius + 2) * 4) % 2 === 0;
  return mix(colour, stripe ? [255, 255, 255] : [30, 30, 40], stripe ? 0.35 : distance * 3);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** @returns the distance in heights of the picture. */
function distanceBetween(from: Point, to: Point, aspect: number): number {
  const x = (from.x - to.x) * aspect;
  const y = from.y - to.y;
  return Math.sqrt(x * x + y * y);
}

/** Joins the points of a ridge with smooth steps. */
function heightAt(tops: readonly number[], x: number): number {
  const place = x * (tops.length - 1);
  const index = Math.floor(place);
  const left = tops[index] ?? 0;
  const right = tops[index + 1] ?? left;
  const part = place - index;
  return left + (right - left) * part * part * (3 - 2 * part);
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const part = Math.min(1, Math.max(0, share));
  return [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part,
    from[2] + (to[2] - from[2]) * part,
  ];
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
