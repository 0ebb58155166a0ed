// What ipywidgets leave unsaid to those who do not see the page: the names of sliders, boxes and
// lists, which button of several is down, and that the answer changes by itself. Nothing else.
(function () {
  const name = (element, text) => {
    if (element && text && element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
  };
  const say = (root) => {
    root.querySelectorAll(".jupyter-widgets[title]").forEach((widget) => {
      const title = widget.getAttribute("title");
      if (!title) return;
      const handle = widget.querySelector(".noUi-handle");
      name(handle, title);
      const readout = widget.querySelector(".widget-readout");
      if (handle && readout) {
        handle.setAttribute("aria-valuetext", readout.textContent);
        readout.setAttribute("role", "textbox");
        name(readout, title + ", typed");
      }
    });
    root.querySelectorAll("input[title], select[title], textarea[title]").forEach((box) =>
      name(box, box.getAttribute("title")));
    root.querySelectorAll(".widget-toggle-buttons").forEach((group) => {
      const row = group.querySelector(".jupyter-widgets-toggle-buttons, .widget-inline-hbox, div") || group;
      row.setAttribute("role", "group");
      name(row, group.getAttribute("title"));
      group.querySelectorAll("button").forEach((button) =>
        button.setAttribute("aria-pressed", String(button.classList.contains("mod-active"))));
    });
    root.querySelectorAll(".widget-toggle-button").forEach((button) =>
      button.setAttribute("aria-pressed", String(button.classList.contains("mod-active"))));
    root.querySelectorAll(".wx-live .widget-html-content").forEach((live) => {
      live.setAttribute("role", "status");
      live.setAttribute("aria-live", "polite");
    });
    root.querySelectorAll(".widget-html > .widget-label, .widget-label:empty").forEach((label) =>
      label.setAttribute("aria-hidden", "true"));
  };
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      document.querySelectorAll(".wx").forEach(say);
    });
  };
  if (window.wfmodelNames) window.wfmodelNames.disconnect();
  window.wfmodelNames = new MutationObserver(soon);
  window.wfmodelNames.observe(document.body, {
    childList: true, subtree: true, attributes: true, characterData: true,
    attributeFilter: ["title", "class", "aria-valuenow"],
  });
  soon();
})();
