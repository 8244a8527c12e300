/** Pixels: red, green, blue, a byte each, row by row from the top left. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Width and height that DCF and EXIF 2.32 (CIPA DC-008) ask of a thumbnail. */
const THUMBNAIL = {width: 160, height: 120} as const;

/** @returns the picture in another size; every pixel is the mean of those that it covers. Never larger than the original. */
export function shrinkPicture(picture: Picture, width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * picture.width) / width);
      const right = Math.floor(((x + 1) * picture.width) / width);
      const top = Math.floor((y * picture.height) / height);
      const bottom = Math.floor(((y + 1) * picture.height) / height);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let row = top; row < bottom; row++) {
          for (let column = left; column < right; column++) {
            sum += picture.rgb[(row * picture.width + column) * 3 + channel] ?? 0;
          }
        }
        rgb[(y * width + x) * 3 + channel] = Math.round(sum / ((right - left) * (bottom - top)));
      }
    }
  }
  return {width, height, rgb};
}

/** @returns 160x120 pixels, with black bars above and below what is wider than 4:3. */
export function makeThumbnail(picture: Picture): Picture {
  const {width, height} = THUMBNAIL;
  const inner = Math.min(height, Math.round((picture.height * width) / picture.width));
  const rgb = new Uint8Array(width * height * 3);
  const bar = Math.floor((height - inner) / 2);
  rgb.set(shrinkPicture(picture, width, inner).rgb, bar * width * 3);
  return {width, height, rgb};
}

/**
 * @returns the picture a quarter turn to the left: how a sensor sees the world when the camera is held upright. Orientation 6 tells
 * a viewer to turn it back.
 */
export function turnLeft(picture: Picture): Picture {
  const width = picture.height;
  const height = picture.width;
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (x * picture.width + (picture.width - 1 - y)) * 3;
      rgb.set(picture.rgb.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return {width, height, rgb};
}
