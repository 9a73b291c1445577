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
