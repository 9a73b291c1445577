// SPDX-License-Identifier: Apache-2.0
// Comfort for those whose browser runs scripts; every page works without.

// A form that came back with faults: start reading at their list.
document.querySelector('[data-focus]')?.focus();

// A link of that list goes to its field with the caret in it; of a group, to its first choice.
for (const link of document.querySelectorAll('.summary-wrong a[href^="#"]')) {
  link.addEventListener('click', (event) => {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    const field = target.matches('legend') ? target.parentElement.querySelector('input') : target;
    event.preventDefault();
    field.focus();
    target.scrollIntoView({ block: 'center' });
  });
}

// Characters left, said aloud only when the writer pauses.
for (const area of document.querySelectorAll('textarea[data-count][maxlength]')) {
  const shown = document.createElement('p');
  const spoken = document.createElement('p');
  shown.className = 'hint';
  shown.setAttribute('aria-hidden', 'true');
  spoken.className = 'unseen';
  spoken.setAttribute('aria-live', 'polite');
  area.after(shown, spoken);
  let pause;
  const count = () => {
    shown.textContent = area.dataset.count.replace('#', area.maxLength - area.value.length);
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
  };
  area.addEventListener('input', count);
  count();
}

// A question that hangs on an earlier answer is shown where that is given; what hangs on it goes with it.
for (const form of document.querySelectorAll('form:has([data-when])')) {
  const show = () => {
    for (const block of form.querySelectorAll('[data-when]')) {
      const is = block.dataset.is.split('|');
      const given = [...form.querySelectorAll(`[name="${block.dataset.when}"]`)].filter((field) =>
        !field.closest('[hidden]') && (field.matches('select') || field.checked));
      block.hidden = !given.some((field) => is.includes(field.value));
    }
  };
  form.addEventListener('change', show);
  show();
  for (const hint of form.querySelectorAll('.condition')) hint.remove();
}

// A draft is kept on this device with every change and on the server after a pause; here it ends once the server has it.
// Where the network is lost it waits, also over a closed window, and goes when the network is back.
// On a shared computer nobody finds another's answers: at each page those go that are older than a week or of somebody
// else than who is signed in, after sign-out all of them, and what is about a person (data-personal) is never kept.
const person = document.body.dataset.person;
const over = document.querySelector('[data-signed-out]');
try {
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith('draft '))) {
    let time = 0;
    try { time = JSON.parse(localStorage.getItem(key)).time; } catch { /* none of ours */ }
    const other = person && key.split(' ')[1] !== person;
    if (over || other || !(Date.now() - time < 6048e5)) localStorage.removeItem(key);
  }
} catch { /* no store */ }
let sent = null;
try { sent = sessionStorage.getItem('sent'); sessionStorage.removeItem('sent'); } catch { /* no store */ }
for (const form of document.querySelectorAll('form[data-draft]')) {
  const place = `draft ${form.dataset.draft} ${form.action} ${form.elements._at.value}`;
  const state = form.querySelector('.draft-state');
  const personal = new Set([...form.querySelectorAll('[data-personal] [name]')].map((field) => field.name));
  const own = (data) => [...data].filter(([name, value]) => name !== 'csrf' && typeof value === 'string');
  let pause, sending, again;
  const tell = (text) => { if (state.textContent !== text) state.textContent = text; };
  const read = () => { try { return JSON.parse(localStorage.getItem(place)); } catch { return null; } };
  const keep = () => {
    try {
      localStorage.setItem(place, JSON.stringify({ time: Date.now(), fields: own(new FormData(form)).filter(([name]) => !personal.has(name)) }));
    } catch { /* private windows have no store: the server's draft remains */ }
  };
  const send = async (done = state.dataset.saved) => {
    if (sending) { again = true; return; }
    sending = true;
    again = false;
    const body = new URLSearchParams(own(new FormData(form)));
    body.set('csrf', form.elements.csrf.value);
    body.set('_do', 'keep');
    try {
      const kept = localStorage.getItem(place);
      const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'manual' });
      if (answer.status === 409) tell(state.dataset.stale);
      if (answer.status === 204) {
        form.elements._draft.value = answer.headers.get('Dalate-Draft');
        if (localStorage.getItem(place) === kept) localStorage.removeItem(place);
        tell(done);
      }
    } catch {
      tell(state.dataset.here);
    }
    sending = false;
    if (again) send();
  };
  // What was sent has arrived once a page came back, unless it is the same page again without a word about it.
  if (sent === place && !document.querySelector('.summary-wrong')) sent = null;
  const left = read();
  if (left && !document.querySelector('.summary-wrong')) {
    for (const field of form.elements) {
      if (!field.name || field.name.startsWith('_') || field.name === 'csrf' || field.type === 'file' || personal.has(field.name)) continue;
      const values = left.fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.includes(field.value);
      else if (values.length && field.type !== 'hidden') field.value = values[0];
    }
    form.dispatchEvent(new Event('change'));
    send(state.dataset.restored);
  }
  form.addEventListener('input', () => {
    keep();
    clearTimeout(pause);
    pause = setTimeout(() => send(), 2000);
  });
  addEventListener('online', () => { if (read()) send(); });
  form.addEventListener('submit', (event) => {
    clearTimeout(pause);
    if (navigator.onLine) {
      keep();
      try { sessionStorage.setItem('sent', place); } catch { /* nothing was kept either */ }
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    keep();
    tell(state.dataset.here);
  });
  document.querySelector('form.draft-found')?.addEventListener('submit', () => {
    clearTimeout(pause);
    try { localStorage.removeItem(place); } catch { /* no store */ }
  });
  addEventListener('pagehide', () => clearTimeout(pause));
}
if (sent) localStorage.removeItem(sent);

// One press sends a form once: on a slow network people press again.
for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = 0;
  form.addEventListener('submit', (event) => {
    if (Date.now() - sent < 3000) event.preventDefault();
    else sent = Date.now();
  });
}
addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });

// Pages in vertical Mongolian go sideways; so does the wheel.
if (document.documentElement.lang === 'mn-Mong') {
  addEventListener('wheel', (event) => {
    if (event.deltaX === 0 && !event.ctrlKey && !event.target.closest('textarea, select')) {
      scrollBy({ left: event.deltaY });
      event.preventDefault();
    }
  }, { passive: false });
}

// What the page shows follows its topics while somebody looks at it. A browser opens few connections to one site, so a
// page in the background gives its own up; the stream begins with the state as it is, and nothing is missed.
const live = [...document.querySelectorAll('[data-live]')].filter((place) => place.dataset.live !== '');
if (live.length > 0 && 'EventSource' in window) {
  const query = new URLSearchParams([...new Set(live.map((place) => place.dataset.live))].map((topic) => ['topic', topic]));
  const first = new Map();
  let source = null;
  const show = (place, state) => {
    for (const part of place.querySelectorAll('[data-live-text]')) part.textContent = state[part.dataset.liveText] ?? '';
    for (const part of place.querySelectorAll('[data-live-value]')) {
      if (state[part.dataset.liveValue] !== undefined) part.value = state[part.dataset.liveValue];
    }
    for (const part of place.querySelectorAll('[data-live-shown]')) part.hidden = !state[part.dataset.liveShown];
  };
  // A page that somebody is writing on is never taken away from under her.
  const writing = () => document.querySelector('form[data-draft], main form :is(input, textarea, select):focus') !== null;
  const told = (event) => {
    const { topic, state } = JSON.parse(event.data);
    const text = JSON.stringify(state);
    const changed = first.has(topic) && first.get(topic) !== text;
    if (!first.has(topic)) first.set(topic, text);
    for (const place of live.filter((one) => one.dataset.live === topic)) {
      show(place, state);
      // What the page was made from, where it says so: the change may be older than the stream.
      const { liveVersion, liveReload } = place.dataset;
      if (liveVersion !== undefined ? String(state.version) === liveVersion : !changed) continue;
      for (const part of place.querySelectorAll('[data-live-changed]')) part.hidden = false;
      if (liveReload !== undefined && !writing()) location.reload();
    }
  };
  const follow = () => {
    source?.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource(`/live?${query}`);
    source.addEventListener('state', told);
  };
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', (event) => { if (event.persisted) follow(); });
  follow();
}
