// @ts-check
/**
 * Presenting: everything half as large again, on the whole screen, without the code line.
 */

/**
 * @type {(root: HTMLElement, signal: AbortSignal) => {toggle(): void, close(): boolean}}
 */
export function createPresenter(root, signal) {
  const isOn = () => root.classList.contains("presenting");
  const setOn = (/** @type {boolean} */ on) => root.classList.toggle("presenting", on);
  const toggle = () => {
    setOn(!isOn());
    // Where the page may not take the whole screen, it fills the window.
    if (isOn()) root.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement === root) document.exitFullscreen();
  };
  const close = () => {
    const wasOn = isOn();
    if (wasOn) toggle();
    return wasOn;
  };
  // Esc leaves the whole screen, whoever has the focus.
  root.addEventListener(
    "fullscreenchange",
    () => document.fullscreenElement === root || setOn(false),
    { signal },
  );
  signal.addEventListener("abort", () => setOn(false));
  return { toggle, close };
}
