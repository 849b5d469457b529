// @ts-check
/**
 * What a page has of all modules: the widget for a notebook with a kernel, and the same for where
 * there is none. `widgets/bundle.py` joins the modules, beginning here.
 */
import { render } from "./explorer.js";
import { startPage } from "./saved_page.js";

export default { render, startPage };
