// @ts-check
/**
 * What a page has of all modules: the widget, as anywidget takes it, and the same as a part of any
 * page. `widgets/bundle.py` joins the modules, beginning here.
 */
import { render } from "./explorer.js";
import { initialize, startPage } from "./saved_page.js";

export default { initialize, render, startPage };
