// @ts-check
/**
 * The kernels of the page, by type of operation: what NumPy computes for Python, for real numbers.
 * There is no gradient rule among them: rules come with the program, as calls of these.
 *
 * What has no kernel here is computed by Python, which finds their names here (`bundle.py`).
 *
 * @typedef {import("./kernels_elementwise.js").Kernel} Kernel
 */

import { CONVOLUTION } from "./kernels_convolution.js";
import { ELEMENTWISE } from "./kernels_elementwise.js";
import { INDEXING } from "./kernels_indexing.js";
import { MATRIX } from "./kernels_matrix.js";
import { REDUCTIONS } from "./kernels_reductions.js";
import { SHAPING } from "./kernels_shaping.js";
import { SLICING } from "./kernels_slicing.js";
import { SOFTMAX } from "./kernels_softmax.js";
import { SOLVING } from "./kernels_solving.js";

/** @type {Record<string, Kernel>} */
export const KERNELS = {
  ...ELEMENTWISE,
  ...REDUCTIONS,
  ...SHAPING,
  ...SLICING,
  ...INDEXING,
  ...MATRIX,
  ...SOLVING,
  ...SOFTMAX,
  ...CONVOLUTION,
};
