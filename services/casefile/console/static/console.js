// Conveniences only: every page works without this file. It may be run again on Back, hence the guard.
(() => {
  if (window.casefileConsole) return;
  window.casefileConsole = true;
  const DAY = 86400000;
  const dayOf = (slider) => new Date(Date.parse(slider.dataset.first) + slider.value * DAY).toISOString().slice(0, 10);
  const dateOf = (slider) => document.getElementById(slider.dataset.of);

  // A slider shows itself where there is script, and keeps in step with its date field.
  const show = (root) => root.querySelectorAll("input[type=range][data-of]").forEach((slider) => { slider.hidden = false; });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("input[type=range][data-of]")) dateOf(target).value = dayOf(target);
  });
  document.addEventListener("change", ({ target }) => {
    const slider = target.id && document.querySelector(`input[data-of="${CSS.escape(target.id)}"]`);
    if (slider && target.value) slider.value = Math.round((Date.parse(target.value) - Date.parse(slider.dataset.first)) / DAY);
  });
  document.addEventListener("htmx:after:swap", () => show(document));
  show(document);

  // j and k go from record to record, / goes to the case number.
  const move = (step) => {
    const rows = [...document.querySelectorAll("[data-step]")];
    const at = rows.indexOf(document.activeElement.closest("[data-step]"));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next) { next.tabIndex = -1; next.focus(); }
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
    if (event.key === "/" && document.getElementById("find")) { event.preventDefault(); document.getElementById("find").focus(); }
  });
})();
