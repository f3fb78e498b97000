/* Starts the widgets of the CMS from data attributes, because the policy refuses inline scripts. The list
   matters: without it the attribute could call any global function. */
(function () {
  "use strict";
  const ALLOWED = new Set([
    "InlinePanel", "MultipleChooserPanel",
    "initDateChooser", "initTimeChooser", "initDateTimeChooser",
    "Chooser", "PageChooser", "ImageChooser", "DocumentChooser", "SnippetChooser",
    "createTaskChooser",
  ]);
  const done = new WeakSet();

  function start(element) {
    const name = element.dataset.cspInit;
    const id = element.dataset.for;
    if (done.has(element) || element.closest("template")) return;
    if (!ALLOWED.has(name) || typeof window[name] !== "function") return;
    if (id !== undefined && (id.includes("__prefix__") || !document.getElementById(id))) return;
    done.add(element);
    const config = JSON.parse(element.dataset.config);
    const isClass = /^[A-Z]/.test(name);
    if (id === undefined) new window[name](config);
    else if (isClass) new window[name](id, config);
    else window[name](id, config);
  }

  function startAll() {
    document.querySelectorAll("[data-csp-init]").forEach(start);
  }

  // The translation editor looks here when somebody opens a chooser.
  function chooserUrls() {
    const element = document.querySelector("[data-chooser-urls]");
    if (element && typeof window.chooserUrls === "undefined") {
      window.chooserUrls = {
        imageChooser: element.dataset.imageChooser,
        documentChooser: element.dataset.documentChooser,
        pageChooser: element.dataset.pageChooser,
      };
    }
  }

  // "All languages" on the form that sends a page to translation.
  function selectAllLocales() {
    const all = document.querySelector('[name="select_all"]');
    const locales = document.querySelectorAll('[name="locales"]');
    if (!all || !locales.length) return;
    all.addEventListener("change", function () {
      locales.forEach(function (box) { box.checked = all.checked; });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    chooserUrls();
    selectAllLocales();
    startAll();
    new MutationObserver(startAll).observe(document.body, { childList: true, subtree: true });
  });
})();
