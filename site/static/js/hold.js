// Says two minutes before the end that held places run out, and when they have. Without this file the time
// stands on the page as a clock time.
(() => {
  "use strict";
  const box = document.querySelector(".hold[data-seconds]");
  if (!box) return;
  const words = box.querySelector(".dim");
  const end = Date.now() + box.dataset.seconds * 1000;
  const say = (text) => { words.textContent = text; };
  const at = (seconds, text) => {
    const wait = end - seconds * 1000 - Date.now();
    if (wait > 0) setTimeout(say, wait, text);
  };
  at(120, box.dataset.soon);
  at(0, box.dataset.over);
})();
