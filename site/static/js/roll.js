// The attendance list saves each tap by itself and keeps what could not be sent. Without this file the list
// is a plain form.
(() => {
  "use strict";
  const form = document.getElementById("roll");
  const note = document.getElementById("roll-status");
  if (!form || !note || !window.fetch || !form.querySelector("button")) return;
  const say = form.dataset;
  const key = "roll:" + say.queue;
  const undo = document.getElementById("roll-undo");
  const everybody = form.querySelector("button[name=all]");
  let sending = false;

  const uuid = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16));
  let memory = [];
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) || [];
    } catch {
      return memory;
    }
  };
  const write = (queue) => {
    memory = queue;
    try {
      if (queue.length) localStorage.setItem(key, JSON.stringify(queue));
      else localStorage.removeItem(key);
    } catch {
      /* Private mode: the queue lives as long as the page. */
    }
  };

  const tell = (kind, strong, text) => {
    note.className = "note " + kind;
    const b = document.createElement("b");
    b.textContent = strong;
    const span = document.createElement("span");
    span.textContent = text;
    note.replaceChildren(b, " ", span);
  };
  const kept = (n) =>
    tell("warn", say.offline, (n === 1 ? say.one : say.many).replace("{n}", n) + " " + say.kept);

  const count = () => {
    const is = (value) => form.querySelectorAll(`input[value="${value}"]:checked`).length;
    const late = is("late15") + is("late30");
    const sums = { here: is("present") + late + is("left"), late, left: is("left"), absent: is("absent") };
    for (const [name, n] of Object.entries(sums))
      form.querySelector(`[data-sum=${name}]`).textContent = n;
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    let reply = null;
    try {
      for (let queue = read(); queue.length; queue = read()) {
        const body = new URLSearchParams(queue[0].marks);
        body.set("nonce", queue[0].nonce);
        body.set("at", queue[0].at);
        body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        const answer = await fetch(form.action, {
          method: "POST", body, credentials: "same-origin", redirect: "manual",
          headers: { Accept: "application/json" },
        });
        if (answer.type === "opaqueredirect" || answer.status === 403) {
          tell("bad", "", say.signedOut);
          return;
        }
        if (answer.status >= 500) throw new Error(answer.status);
        reply = await answer.json();
        write(read().slice(1));
        if (!answer.ok) {
          tell("bad", "", reply.error);
          return;
        }
      }
      if (reply) {
        tell("ok", reply.saved, reply.marked);
        if (undo) undo.hidden = false;
      }
    } catch {
      kept(read().length);
      if (undo) undo.hidden = true;
      setTimeout(send, 15000);
    } finally {
      sending = false;
    }
    if (reply && read().length) send();
  };

  const keep = (marks) => {
    write([...read(), { marks, nonce: uuid(), at: new Date().toISOString() }]);
    count();
    if (navigator.onLine === false) kept(read().length);
    send();
  };

  form.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (name.startsWith("p-")) keep({ [name]: value });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const marks = {};
    const all = event.submitter && event.submitter === everybody;
    for (const input of form.querySelectorAll(all ? 'input[value="present"]' : "input[type=radio]:checked")) {
      input.checked = true;
      marks[input.name] = input.value;
    }
    if (all) everybody.classList.add("quiet");
    if (Object.keys(marks).length) keep(marks);
  });
  addEventListener("online", send);

  // Taps of an earlier visit that never got through: shown again, then sent.
  for (const item of read())
    for (const [name, value] of Object.entries(item.marks)) {
      const input = form.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
      if (input) input.checked = true;
    }
  count();
  if (read().length) send();
})();
