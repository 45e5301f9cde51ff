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

  // Evidence is named by the hash of its file. It is taken here, and the file goes nowhere.
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const fill = async (input) => {
    const [file] = input.files;
    if (!file) return;
    const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    const type = file.type || "application/octet-stream";
    const said = { sha256, media_type: type, size: file.size };
    const field = (name) => document.getElementsByName(input.dataset.fills + name);
    Object.entries(said).forEach(([name, value]) => { field(name)[0].value = value; });
    const kinds = [...field("kind")];
    const kind = { image: "photo", audio: "audio" }[type.split("/")[0]] || "document";
    if (!kinds.some((each) => each.checked && each.value)) kinds.filter((each) => each.value === kind).forEach((each) => { each.checked = true; });
  };
  document.addEventListener("change", ({ target }) => { if (target.matches("input[type=file][data-fills]")) fill(target); });
  const offer = () => document.querySelectorAll("[data-hashes]").forEach((each) => { each.hidden = !globalThis.crypto?.subtle; });

  document.addEventListener("htmx:after:swap", () => { show(document); offer(); });
  show(document);
  offer();

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
