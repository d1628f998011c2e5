// Before the first paint, so that a dark page never flashes white. A file of its own: the page allows no inline scripts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("touchstone.theme");
  } catch {
    // storage may be forbidden; the system's choice stands then
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
})();
