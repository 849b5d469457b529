// @ts-check
/**
 * Kernels of convolution and pooling over images [image, row, column, channel], with their
 * gradients. Each is the twin of the NumPy kernel in `nbgrad/ops/convolution`.
 *
 * @import {Arr, Elements, Sizes} from "./arrays.js"
 * @import {Kernel} from "./kernels_elementwise.js"
 *
 * @typedef {{strides: Sizes, padding: string, dilations?: Sizes}} Settings
 * @typedef {{rows: number, columns: number, cells: number, pixels: number,
 *            places: Int32Array & {[index: number]: any}}} Windows
 *   For each window, row by row, and each of its cells, the pixel there; -1 outside the image.
 */

import { exactly, inDouble, makeArray, mapOne } from "./arrays.js";

/** The windows over an image. With "VALID" padding they lie inside; with "SAME" they begin at each
 * stride, and hang over the edge, at the bottom and right rather than at the top and left.
 * @param {Sizes} images  the shape of the images
 * @param {Sizes} size  of a window, in rows and columns
 * @param {any} settings
 * @returns {Windows} */
function windowsOver(images, size, { strides, padding, dilations = [1, 1] }) {
  /** @param {0 | 1} axis */
  const along = (axis) => {
    const [length, stride] = [images[1 + axis], strides[axis]];
    const reach = (size[axis] - 1) * dilations[axis] + 1;
    const free = padding === "SAME" ? length : length - reach + 1;
    if (free < 0) {
      throw new Error(`Negative dimension size caused by subtracting ${reach} from ${length}`);
    }
    const count = Math.ceil(free / stride);
    const over = padding === "SAME" ? Math.max(0, (count - 1) * stride + reach - length) : 0;
    const before = Math.floor(over / 2);
    /** @param {number} window @param {number} cell */
    const at = (window, cell) => window * stride + cell * dilations[axis] - before;
    return { count, at };
  };
  const [down, beside] = [along(0), along(1)];
  const [height, width] = [images[1], images[2]];
  const places = [];
  for (let row = 0; row < down.count; row += 1) {
    for (let column = 0; column < beside.count; column += 1) {
      for (let i = 0; i < size[0]; i += 1) {
        for (let j = 0; j < size[1]; j += 1) {
          const [y, x] = [down.at(row, i), beside.at(column, j)];
          const inside = y >= 0 && y < height && x >= 0 && x < width;
          places.push(inside ? y * width + x : -1);
        }
      }
    }
  }
  return {
    rows: down.count,
    columns: beside.count,
    cells: size[0] * size[1],
    pixels: height * width,
    places: Int32Array.from(places),
  };
}

/** Each cell of each window; its pixel is -1 outside the image.
 * @param {number} images
 * @param {Windows} windows
 * @param {(window: number, cell: number, pixel: number) => void} visit
 *   counting windows and pixels through all images */
function forEachCell(images, { rows, columns, cells, pixels, places }, visit) {
  const count = rows * columns;
  for (let image = 0; image < images; image += 1) {
    for (let k = 0; k < places.length; k += 1) {
      const window = image * count + Math.floor(k / cells);
      visit(window, k % cells, places[k] < 0 ? -1 : image * pixels + places[k]);
    }
  }
}

// Convolution ------------------------------------------------------------------------------------

/** The three arrays of a convolution, in double precision: images x, filters w, results z. Two are
 * read, the one that is sought is summed up.
 * @param {{x: Elements, w: Elements, z: Elements}} arrays
 * @param {Sizes} images @param {Sizes} filters @param {Windows} windows
 * @param {"x" | "w" | "z"} sought */
function convolve({ x, w, z }, images, filters, windows, sought) {
  const [inputs, outputs] = [filters[2], filters[3]];
  forEachCell(images[0], windows, (window, cell, pixel) => {
    const to = window * outputs;
    for (let c = 0; c < inputs; c += 1) {
      const at = pixel * inputs + c;
      const row = (cell * inputs + c) * outputs;
      const element = pixel < 0 ? 0 : x[at]; // the margin is 0, and 0 · ∞ is NaN
      if (sought === "z") addMultiple(z, to, element, w, row, outputs);
      else if (sought === "w") addMultiple(w, row, element, z, to, outputs);
      else if (pixel >= 0) x[at] += sumOfSomeProducts(z, to, w, row, outputs);
    }
  });
}

/** @param {Elements} target @param {number} to @param {number} factor
 * @param {Elements} source @param {number} from @param {number} count */
function addMultiple(target, to, factor, source, from, count) {
  for (let i = 0; i < count; i += 1) target[to + i] += factor * source[from + i];
}

/** @param {Elements} a @param {number} i @param {Elements} b @param {number} j
 * @param {number} count */
function sumOfSomeProducts(a, i, b, j, count) {
  let sum = 0;
  for (let k = 0; k < count; k += 1) sum += a[i + k] * b[j + k];
  return sum;
}

/** @type {Kernel} */
function conv2d([x, w], settings) {
  if (x.shape[3] !== w.shape[2]) {
    throw new Error(
      `input depth must be evenly divisible by filter depth: ${x.shape[3]} vs ${w.shape[2]}`,
    );
  }
  const windows = windowsOver(x.shape, w.shape, settings);
  const z = makeArray("float64", [x.shape[0], windows.rows, windows.columns, w.shape[3]]);
  convolve({ x: inDouble(x), w: inDouble(w), z: z.data }, x.shape, w.shape, windows, "z");
  return mapOne(z, exactly, x.dtype);
}

/** @type {Kernel} */
function conv2dImages([w, dz], { shape, ...settings }) {
  const dx = makeArray("float64", shape);
  const windows = windowsOver(shape, w.shape, settings);
  convolve({ x: dx.data, w: inDouble(w), z: inDouble(dz) }, shape, w.shape, windows, "x");
  return mapOne(dx, exactly, dz.dtype);
}

/** @type {Kernel} */
function conv2dFilters([x, dz], { shape, ...settings }) {
  const dw = makeArray("float64", shape);
  const windows = windowsOver(x.shape, shape, settings);
  convolve({ x: inDouble(x), w: dw.data, z: inDouble(dz) }, x.shape, shape, windows, "w");
  return mapOne(dw, exactly, dz.dtype);
}

// Pooling ----------------------------------------------------------------------------------------

/** @param {Arr} x @param {Windows} windows @returns {Arr} */
function onePerWindow(x, { rows, columns }, dtype = x.dtype) {
  return makeArray(dtype, [x.shape[0], rows, columns, x.shape[3]]);
}

/** For each window and channel, the place of its largest element: the first in a tie, a NaN before
 * any number, -1 for a cell outside the image.
 * @param {Arr} x
 * @param {Windows} windows */
function largestPlaces(x, { rows, columns, cells, pixels, places }) {
  const [images, channels, count] = [x.shape[0], x.shape[3], rows * columns];
  const found = /** @type {number[]} */ ([]);
  for (let window = 0; window < images * count; window += 1) {
    for (let c = 0; c < channels; c += 1) {
      let best = -Infinity;
      let at = /** @type {number | null} */ (null);
      for (let cell = 0; cell < cells && best === best; cell += 1) {
        const pixel = places[(window % count) * cells + cell];
        const image = Math.floor(window / count) * pixels;
        const place = pixel < 0 ? -1 : (image + pixel) * channels + c;
        const value = place < 0 ? -Infinity : x.data[place];
        if (at === null || value > best || value !== value) [best, at] = [value, place];
      }
      found.push(at ?? -1);
    }
  }
  return found;
}

/** @type {Kernel} */
function maxPool([x], { ksize, ...settings }) {
  const windows = windowsOver(x.shape, ksize, settings);
  return atPlaces(onePerWindow(x, windows), largestPlaces(x, windows), x.data, -Infinity);
}

/** @param {Arr} result @param {number[]} places @param {Elements} from @param {number} outside */
function atPlaces(result, places, from, outside) {
  places.forEach((place, i) => (result.data[i] = place < 0 ? outside : from[place]));
  return result;
}

/** @type {Kernel} */
function maxPoolGrad([x, dz], { ksize, ...settings }) {
  const dx = makeArray(dz.dtype, x.shape);
  const places = largestPlaces(x, windowsOver(x.shape, ksize, settings));
  places.forEach((place, i) => {
    if (place >= 0) dx.data[place] += dz.data[i];
  });
  return dx;
}

/** @type {Kernel} */
function maxPoolGradGrad([x, d], { ksize, ...settings }) {
  const windows = windowsOver(x.shape, ksize, settings);
  return atPlaces(onePerWindow(x, windows, d.dtype), largestPlaces(x, windows), d.data, 0);
}

/** How many cells of each window lie inside the image. @param {Windows} windows */
function cellsInside({ rows, columns, cells, places }) {
  const inside = /** @type {Elements} */ (new Float64Array(rows * columns));
  places.forEach((place, k) => (inside[Math.floor(k / cells)] += place < 0 ? 0 : 1));
  return inside;
}

/** @type {Kernel} */
function avgPool([x], { ksize, ...settings }) {
  const windows = windowsOver(x.shape, ksize, settings);
  const [inside, channels, z] = [cellsInside(windows), x.shape[3], onePerWindow(x, windows)];
  forEachCell(x.shape[0], windows, (window, _, pixel) => {
    for (let c = 0; pixel >= 0 && c < channels; c += 1) {
      z.data[window * channels + c] += x.data[pixel * channels + c];
    }
  });
  z.data.forEach((/** @type {number} */ sum, /** @type {number} */ i) => {
    z.data[i] = sum / inside[Math.floor(i / channels) % inside.length];
  });
  return z;
}

/** @type {Kernel} */
function avgPoolGrad([dz], { shape, ksize, ...settings }) {
  const windows = windowsOver(shape, ksize, settings);
  const [inside, channels, dx] = [cellsInside(windows), shape[3], makeArray(dz.dtype, shape)];
  const shares = mapOne(dz, exactly);
  shares.data.forEach((/** @type {number} */ each, /** @type {number} */ i) => {
    shares.data[i] = each / inside[Math.floor(i / channels) % inside.length];
  });
  forEachCell(shape[0], windows, (window, _, pixel) => {
    for (let c = 0; pixel >= 0 && c < channels; c += 1) {
      dx.data[pixel * channels + c] += shares.data[window * channels + c];
    }
  });
  return dx;
}

/** @type {Record<string, Kernel>} */
export const CONVOLUTION = {
  Conv2D: conv2d,
  Conv2DBackpropInput: conv2dImages,
  Conv2DBackpropFilter: conv2dFilters,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  MaxPoolGradGrad: maxPoolGradGrad,
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
};
