// @ts-check
/**
 * Slides beside a kernel: Shift + Enter runs the code that the cursor is in.
 */
(() => {
  const { refit } = /** @type {any} */ (globalThis).talk;

  const SILENT = "The kernel does not answer: the talk has ended.";
  const PAUSE_MS = 200;

  /** @param {HTMLElement} cell */
  async function run(cell) {
    if (cell.hasAttribute("data-running")) {
      cell.setAttribute("data-again", ""); // what is asked for too soon runs when this has ended
      return;
    }
    const code = /** @type {HTMLElement} */ (cell.querySelector("pre.code"));
    const source = code.innerText; // has the line ends that were typed
    cell.setAttribute("data-running", "");
    try {
      const body = JSON.stringify({ cell: Number(cell.dataset.cell), source });
      await ask("run", { method: "POST", body });
      cell.removeAttribute("data-changed");
      await follow();
    } catch {
      show(cell, `<pre class="printed error">${SILENT}</pre>`);
    } finally {
      cell.removeAttribute("data-running");
    }
    if (!cell.hasAttribute("data-again")) return;
    cell.removeAttribute("data-again");
    await run(cell);
  }

  /** @type {(name: string, options?: RequestInit) => Promise<Response>} */
  async function ask(name, options) {
    const answer = await fetch(name, options);
    if (!answer.ok) throw new Error(answer.statusText);
    return answer;
  }

  /** Show what cells show, while one of them runs. */
  async function follow() {
    for (;;) {
      const { running, shown } = await (await ask("changes")).json();
      for (const [n, html] of Object.entries(shown)) {
        const cell = document.querySelector(`[data-cell="${n}"]`);
        if (cell instanceof HTMLElement) show(cell, html);
      }
      if (!running) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** @type {(cell: HTMLElement, html: string) => void} */
  function show(cell, html) {
    const outputs = /** @type {HTMLElement} */ (cell.querySelector(".outputs"));
    outputs.innerHTML = html;
    for (const script of outputs.querySelectorAll("script")) {
      const live = document.createElement("script"); // one that was parsed with a text never runs
      live.textContent = script.textContent;
      script.replaceWith(live);
    }
    refit(cell.closest(".content"));
  }

  for (const cell of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-cell]")
  )) {
    const code = /** @type {HTMLElement} */ (cell.querySelector("pre.code"));
    code.addEventListener("input", () => cell.setAttribute("data-changed", ""));
    code.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      run(cell);
    });
  }
})();
