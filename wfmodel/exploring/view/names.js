// What ipywidgets leave unsaid to those who do not see the page: the names of sliders, boxes and
// lists, which button of several is down, and that the answer changes by itself. Nothing else.
(function () {
  const name = (element, text) => {
    if (element && text && element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text);
  };
  // ipywidgets put a tooltip on the widget, on a hidden label beside it or on the box itself
  const titled = (widget) => [widget, ...widget.querySelectorAll("[title]")]
    .map((one) => one.getAttribute("title")).find((said) => said && said !== "null");
  const say = (root) => {
    root.querySelectorAll(".widget-slider").forEach((slider) => {
      const title = titled(slider), readout = slider.querySelector(".widget-readout");
      const handle = slider.querySelector(".noUi-handle");
      name(handle, title);
      if (!handle || !readout) return;
      handle.setAttribute("aria-valuetext", readout.textContent);
      readout.setAttribute("role", "textbox");
      name(readout, title + ", typed");
    });
    root.querySelectorAll(".widget-text, .widget-textarea, .widget-dropdown")
      .forEach((widget) => name(widget.querySelector("input, select, textarea"), titled(widget)));
    root.querySelectorAll(".wx-row").forEach((row) => {
      const lever = row.querySelector("[data-lever]");
      if (lever) name(row.querySelector("input[type=checkbox]"), lever.dataset.lever);
    });
    root.querySelectorAll(".widget-hprogress").forEach((widget) => {
      const bar = widget.querySelector(".progress");
      if (!bar) return;
      bar.setAttribute("role", "progressbar");
      name(bar, titled(widget));
    });
    root.querySelectorAll(".widget-toggle-buttons").forEach((group) => {
      group.setAttribute("role", "group");
      name(group, titled(group));
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
